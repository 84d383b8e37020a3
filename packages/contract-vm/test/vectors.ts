import { type LoadOutcome, loadProgram, runScript, runScriptFresh } from "../src/contract-vm.ts";
import { STACK_MARGIN_BYTES } from "../src/engine/guest-instance.ts";
import { BOOT_GAS, GUEST_PRELUDE, INTRINSICS } from "../src/engine/guest-machine.ts";
import {
  DEFAULT_LIMITS,
  encodeGuestData,
  METERED_WASM_SHA256,
  QUICKJS_WASM_SHA256,
  type VmOutcome,
} from "../src/index.ts";
import { HOSTILE_CASES } from "./hostile/all-cases.ts";
import type { HostileCase } from "./hostile/hostile-case.ts";

/** Longer sources test only a comparison in the host, and would swell the file. */
const SOURCE_LENGTH_MAX = 100_000;

export const VECTORS_URL = new URL("../../../test-vectors/contract-vm.json", import.meta.url);

export type Judge = (item: HostileCase) => VmOutcome;

interface VectorEntry {
  readonly theme: string;
  readonly name: string;
  readonly mode: "script" | "call";
  readonly source: string;
  readonly inputHex: string;
  readonly outcome: Record<string, unknown>;
  readonly gas: string;
}

/** What every host must find for every case, with all it needs to know to run them. */
export function makeVectors(judge: Judge = judgeReused): Record<string, unknown> {
  const { gas, memoryBytes, stackBytes, callDepth, resultBytesMax } = DEFAULT_LIMITS;
  return {
    quickjsWasmSha256: QUICKJS_WASM_SHA256,
    meteredWasmSha256: METERED_WASM_SHA256,
    intrinsics: INTRINSICS,
    bootGas: String(BOOT_GAS),
    stackMarginBytes: STACK_MARGIN_BYTES,
    limits: { gas: String(gas), memoryBytes, stackBytes, callDepth, resultBytesMax },
    prelude: GUEST_PRELUDE,
    entries: HOSTILE_CASES.filter((item) => item.source.length <= SOURCE_LENGTH_MAX).map((item) =>
      makeEntry(item, judge(item)),
    ),
  };
}

function makeEntry(item: HostileCase, judged: VmOutcome): VectorEntry {
  const { gas, ...outcome } = flatten(judged);
  const { theme, name, mode, source } = item;
  return {
    theme,
    name,
    mode,
    source,
    inputHex: Buffer.from(encodeGuestData(item.input)).toString("hex"),
    outcome,
    gas,
  };
}

/** The outcome as JSON. */
export function flatten(outcome: VmOutcome): Record<string, unknown> & { gas: string } {
  const gas = String(outcome.gas);
  return outcome.ok
    ? { ok: true, result: outcome.result ?? null, gas }
    : { ok: false, ...outcome.error, gas };
}

/** In an instance that has run other programs before. */
export function judgeReused(item: HostileCase): VmOutcome {
  if (item.mode === "script") return runScript(item.source, item.input);
  const loaded = loadProgram(item.source);
  if (!loaded.ok) return asOutcome(loaded);
  loaded.program.call(item.input);
  return loaded.program.call(item.input);
}

/** In an instance that has run nothing. */
export function judgeFresh(item: HostileCase): VmOutcome {
  if (item.mode === "script") return runScriptFresh(item.source, item.input);
  const loaded = loadProgram(item.source);
  return loaded.ok ? loaded.program.callFresh(item.input) : asOutcome(loaded);
}

function asOutcome(loaded: LoadOutcome & { ok: false }): VmOutcome {
  return { ok: false, error: loaded.error, gas: loaded.gas };
}
