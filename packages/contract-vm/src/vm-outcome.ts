export type VmErrorCode =
  | "out-of-gas"
  | "out-of-memory"
  | "stack-overflow"
  | "threw"
  | "trapped"
  | "invalid-bundle";

export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export interface VmError {
  readonly code: VmErrorCode;
  readonly detail: string;
  /** Where in the contract's source, if the engine says. */
  readonly position?: SourcePosition;
}

/** A verdict: the same on every host. `gas` is what was charged, a little over the limit if it ran out. */
export type VmOutcome =
  | { readonly ok: true; readonly result: string | undefined; readonly gas: bigint }
  | { readonly ok: false; readonly error: VmError; readonly gas: bigint };
