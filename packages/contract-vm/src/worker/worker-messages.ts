import type { ContractVmFailure } from "../contract-vm-error.ts";
import type { GuestData } from "../guest/guest-value.ts";
import type { VmLimits } from "../vm-limits.ts";
import type { VmOutcome } from "../vm-outcome.ts";

/** Given to the thread when it starts. */
export interface WorkerStart {
  readonly limits: VmLimits;
}

/** A program's source travels once per thread; afterwards its number is enough. */
export type WorkerJob =
  | {
      readonly kind: "call";
      readonly program: number;
      readonly source?: string;
      readonly input: GuestData;
    }
  | { readonly kind: "script"; readonly source: string; readonly input: GuestData };

/** Jobs are answered in order; `forget` is not answered. */
export type WorkerRequest = WorkerJob | { readonly kind: "forget"; readonly program: number };

export type WorkerReply = { readonly outcome: VmOutcome } | { readonly failure: ContractVmFailure };
