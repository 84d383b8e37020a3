import type {
  AttachedBundle,
  ContractRun,
  ContractRunner,
  NetworkParameters,
} from "@stateset/ledger";
import type { ContractInput } from "@stateset/ledger/contract";
import { type LoadOutcome, loadProgram, type Program } from "../contract-vm.ts";
import { ContractVmError } from "../contract-vm-error.ts";
import { ENGINE_HASH } from "../engine/engine-hash.ts";
import type { GuestData } from "../guest/guest-value.ts";
import { DEFAULT_LIMITS, MEMORY_BYTES_MAX, MEMORY_BYTES_MIN, type VmLimits } from "../vm-limits.ts";

type VmParameters = NetworkParameters["vm"];

/** Each takes some 3 MB, a snapshot and an instance, and a hostile one up to twice its memory. */
const PROGRAMS_MAX = 16;

/** Runs bundles in this thread, each loaded once and called from the same state every time. */
export class VmContractRunner implements ContractRunner {
  readonly #programs = new Map<string, LoadOutcome>();

  run({ hash, bundle }: AttachedBundle, input: ContractInput, vm: VmParameters): ContractRun {
    const loaded = this.#load(hash, bundle.code, vm);
    if (!loaded.ok) return loaded;
    const outcome = callWithin(loaded.program, input);
    // Whoever has it loaded already charges for loading too, or verdicts would differ.
    return { ...outcome, gas: outcome.gas + loaded.gas };
  }

  #load(hash: string, code: string, vm: VmParameters): LoadOutcome {
    const id = `${hash} ${Object.values(vm).join(" ")}`;
    let loaded = this.#programs.get(id);
    if (loaded === undefined) {
      loaded = loadProgram(code, limitsOf(vm));
      const oldest = this.#programs.keys().next();
      if (this.#programs.size >= PROGRAMS_MAX && !oldest.done) this.#programs.delete(oldest.value);
      this.#programs.set(id, loaded);
    }
    return loaded;
  }
}

/** Input over the limit is the transaction's doing, and so a verdict, the same everywhere. */
function callWithin(program: Program, input: ContractInput): ContractRun {
  try {
    return program.call(input as GuestData);
  } catch (error) {
    if (!(error instanceof ContractVmError && error.code === "invalid-input")) throw error;
    return { ok: false, error: { code: "input-too-large", detail: error.failure.detail }, gas: 0n };
  }
}

/** What a network's parameters say of this engine at its default limits. */
export function vmParameters(limits: VmLimits = DEFAULT_LIMITS): VmParameters {
  return { engine: ENGINE_HASH, ...limits, gas: Number(limits.gas) };
}

/**
 * What this build was tried with. A network that wants other limits needs a build that has them:
 * beyond these the host, and no longer the wasm, might end a run.
 */
const SUPPORTED: { readonly [Limit in keyof VmLimits]: { min: number; max: number } } = {
  gas: { min: 0, max: 10_000_000_000 },
  memoryBytes: { min: MEMORY_BYTES_MIN, max: MEMORY_BYTES_MAX },
  stackBytes: { min: 64 << 10, max: DEFAULT_LIMITS.stackBytes },
  callDepth: { min: 10_000, max: DEFAULT_LIMITS.callDepth },
  sourceBytesMax: { min: 0, max: 4 << 20 },
  inputBytesMax: { min: 0, max: 16 << 20 },
  resultBytesMax: { min: 0, max: 1 << 20 },
};

function limitsOf({ engine, ...limits }: VmParameters): VmLimits {
  if (engine !== ENGINE_HASH) {
    const detail = `this build has ${ENGINE_HASH}, not ${engine}`;
    throw new ContractVmError({ code: "unknown-engine", detail });
  }
  for (const [limit, { min, max }] of Object.entries(SUPPORTED)) {
    const value = limits[limit as keyof VmLimits];
    if (value >= min && value <= max) continue;
    const detail = `${limit} ${value} is not from ${min} to ${max}`;
    throw new ContractVmError({ code: "unsupported-limit", detail });
  }
  return { ...limits, gas: BigInt(limits.gas) };
}
