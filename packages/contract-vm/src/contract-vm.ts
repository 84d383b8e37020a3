import { ContractVmError } from "./contract-vm-error.ts";
import { GuestInstance, GuestTrap } from "./engine/guest-instance.ts";
import {
  ASYNC_REFUSED,
  GuestMachine,
  type MachineState,
  OPERATION,
  type Reply,
} from "./engine/guest-machine.ts";
import { encodeGuestData, type GuestData } from "./guest/guest-value.ts";
import { DEFAULT_LIMITS, type VmLimits } from "./vm-limits.ts";
import type { VmError, VmErrorCode, VmOutcome } from "./vm-outcome.ts";

/** A contract that has been evaluated and can be called any number of times, each time from the same state. */
export interface Program {
  readonly loadGas: bigint;
  /** Calls the contract in the program's own instance, reset first. */
  call(input: GuestData): VmOutcome;
  /** The same in a new instance; the outcome must be equal. */
  callFresh(input: GuestData): VmOutcome;
}

export type LoadOutcome =
  | { readonly ok: true; readonly program: Program; readonly gas: bigint }
  | { readonly ok: false; readonly error: VmError; readonly gas: bigint };

/**
 * Evaluates a contract's source, a script that leaves a function in `globalThis.contract`, and
 * keeps the resulting state. A source that does not do so is an invalid bundle, whatever the cause.
 */
export function loadProgram(source: string, limits: VmLimits = DEFAULT_LIMITS): LoadOutcome {
  const bytes = Buffer.from(source, "utf8");
  if (bytes.length > limits.sourceBytesMax) return tooLarge(limits);
  const machine = restoreMachine(bootState(limits));
  const outcome = runMetered(machine, limits, () => {
    const evaluated = machine.evaluate(bytes);
    if (!("value" in evaluated)) return evaluated;
    machine.instance.exports.JS_FreeValue(machine.fixtures.context, evaluated.value);
    const bound = machine.ask(OPERATION.bind);
    return bound.ok && machine.hasAsyncWork() ? ASYNC_REFUSED : bound;
  });
  if (!outcome.ok) return { ...outcome, error: asInvalidBundle(outcome.error) };
  const state = { snapshot: machine.instance.snapshot(), fixtures: machine.fixtures };
  return {
    ok: true,
    gas: outcome.gas,
    program: new LoadedProgram(state, machine, limits, outcome.gas),
  };
}

let scratch: { readonly state: MachineState; readonly machine: GuestMachine } | undefined;

/**
 * Runs a script by itself. The result is its last expression as JSON text, bigints as strings; or,
 * if the script sets `globalThis.contract`, what that function returns for the input.
 */
export function runScript(
  source: string,
  input?: GuestData,
  limits: VmLimits = DEFAULT_LIMITS,
): VmOutcome {
  const state = bootState(limits);
  if (scratch?.state === state) scratch.machine.instance.restore(state.snapshot);
  else scratch = { state, machine: restoreMachine(state) };
  const outcome = runScriptOn(scratch.machine, { source, input, limits });
  if (isUnsound(outcome)) scratch = undefined;
  return outcome;
}

/** The same in a new instance; the outcome must be equal. */
export function runScriptFresh(
  source: string,
  input?: GuestData,
  limits: VmLimits = DEFAULT_LIMITS,
): VmOutcome {
  return runScriptOn(restoreMachine(bootState(limits)), { source, input, limits });
}

interface ScriptRun {
  readonly source: string;
  readonly input: GuestData;
  readonly limits: VmLimits;
}

function runScriptOn(machine: GuestMachine, { source, input, limits }: ScriptRun): VmOutcome {
  const bytes = Buffer.from(source, "utf8");
  if (bytes.length > limits.sourceBytesMax) return tooLarge(limits);
  const encoded = encodeInput(input, limits);
  return runMetered(machine, limits, () => {
    const evaluated = machine.evaluate(bytes);
    if (!("value" in evaluated)) return evaluated;
    const reply = machine.ask(OPERATION.bind).ok
      ? callContract(machine, encoded, limits)
      : machine.ask(OPERATION.render, evaluated.value, limits.resultBytesMax);
    return reply.ok && machine.hasAsyncWork() ? ASYNC_REFUSED : reply;
  });
}

class LoadedProgram implements Program {
  readonly loadGas: bigint;
  readonly #state: MachineState;
  readonly #limits: VmLimits;
  #machine: GuestMachine;

  constructor(state: MachineState, machine: GuestMachine, limits: VmLimits, loadGas: bigint) {
    this.#state = state;
    this.#machine = machine;
    this.#limits = limits;
    this.loadGas = loadGas;
  }

  call(input: GuestData): VmOutcome {
    const encoded = encodeInput(input, this.#limits);
    this.#machine.instance.restore(this.#state.snapshot);
    const outcome = this.#callOn(this.#machine, encoded);
    if (isUnsound(outcome)) this.#machine = restoreMachine(this.#state);
    return outcome;
  }

  callFresh(input: GuestData): VmOutcome {
    return this.#callOn(restoreMachine(this.#state), encodeInput(input, this.#limits));
  }

  #callOn(machine: GuestMachine, encoded: Uint8Array): VmOutcome {
    return runMetered(machine, this.#limits, () => {
      const reply = callContract(machine, encoded, this.#limits);
      return reply.ok && machine.hasAsyncWork() ? ASYNC_REFUSED : reply;
    });
  }
}

/** After a failure inside the engine, memory that a reset leaves alone may have been written to. */
function isUnsound(outcome: VmOutcome): boolean {
  return !outcome.ok && outcome.error.code === "trapped";
}

function callContract(machine: GuestMachine, encoded: Uint8Array, limits: VmLimits): Reply {
  const input = machine.readInput(encoded);
  return "value" in input
    ? machine.ask(OPERATION.callContract, input.value, limits.resultBytesMax)
    : input;
}

function runMetered(machine: GuestMachine, limits: VmLimits, steps: () => Reply): VmOutcome {
  const { instance } = machine;
  instance.setLimits(limits);
  const reply = runSteps(machine, steps);
  const gas = limits.gas - (instance.exports.gas_left.value as bigint);
  return reply.ok ? { ok: true, result: reply.text, gas } : { ok: false, error: reply.error, gas };
}

const TRAP_DETAILS: Readonly<Partial<Record<VmErrorCode, string>>> = {
  "out-of-gas": "the gas limit is used up",
  "stack-overflow": "calls are nested too deep",
  trapped: "the engine failed",
};

function runSteps(machine: GuestMachine, steps: () => Reply): Reply {
  try {
    return machine.instance.run(steps);
  } catch (error) {
    if (!(error instanceof GuestTrap)) throw error;
    return {
      ok: false,
      error: { code: error.trap, detail: TRAP_DETAILS[error.trap] ?? error.trap },
    };
  }
}

const bootStates = new Map<number, MachineState>();

/** The state after the prelude. It takes no limit but the stack's, so that no other can change it. */
function bootState(limits: VmLimits): MachineState {
  let state = bootStates.get(limits.stackBytes);
  if (!state) {
    state = GuestMachine.boot({ ...DEFAULT_LIMITS, stackBytes: limits.stackBytes });
    bootStates.set(limits.stackBytes, state);
  }
  return state;
}

function restoreMachine(state: MachineState): GuestMachine {
  const instance = new GuestInstance();
  instance.restore(state.snapshot);
  return new GuestMachine(instance, state.fixtures);
}

function encodeInput(input: GuestData, limits: VmLimits): Uint8Array {
  const encoded = encodeGuestData(input);
  if (encoded.length > limits.inputBytesMax)
    throw new ContractVmError({
      code: "invalid-input",
      detail: `over ${limits.inputBytesMax} bytes`,
    });
  return encoded;
}

function tooLarge(limits: VmLimits): { ok: false; error: VmError; gas: bigint } {
  const detail = `the source is over ${limits.sourceBytesMax} bytes`;
  return { ok: false, error: { code: "invalid-bundle", detail }, gas: 0n };
}

function asInvalidBundle(error: VmError): VmError {
  if (error.code === "invalid-bundle") return error;
  return { ...error, code: "invalid-bundle", detail: `${error.code}: ${error.detail}` };
}
