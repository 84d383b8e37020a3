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
import { DEFAULT_LIMITS, type VmLimits } from "../vm-limits.ts";

type VmParameters = NetworkParameters["vm"];

/** Each takes some 3 MB: a snapshot, and an instance to run it in. */
const PROGRAMS_MAX = 64;

/** Runs bundles in this thread, each loaded once and called from the same state every time. */
export class VmContractRunner implements ContractRunner {
  readonly #programs = new Map<string, LoadOutcome>();

  run({ hash, bundle }: AttachedBundle, input: ContractInput, vm: VmParameters): ContractRun {
    const loaded = this.#load(hash, bundle.code, vm);
    return loaded.ok ? callWithin(loaded.program, input) : loaded;
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

function limitsOf({ engine, gas, ...limits }: VmParameters): VmLimits {
  if (engine !== ENGINE_HASH)
    throw new ContractVmError({
      code: "unknown-engine",
      detail: `this build has ${ENGINE_HASH}, not ${engine}`,
    });
  return { ...limits, gas: BigInt(gas) };
}
