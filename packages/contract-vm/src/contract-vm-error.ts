/**
 * Failures that are no verdict on the contract: the caller's mistake or the host's trouble. Another
 * host may succeed where these occur, so they must never be recorded as an outcome.
 */
export type ContractVmFailure =
  /** The data for a contract is not plain, or over the limit. */
  | { readonly code: "invalid-input"; readonly detail: string }
  /** The wasm in node_modules, or what became of it, is not the one that was pinned. */
  | { readonly code: "wasm-mismatch"; readonly detail: string }
  /** A folder holds no contract, or one that does not compile. */
  | { readonly code: "invalid-contract"; readonly detail: string }
  /** The network's parameters name an engine that this build does not have. */
  | { readonly code: "unknown-engine"; readonly detail: string }
  /** The network's parameters set a limit beyond what this build was tried with. */
  | { readonly code: "unsupported-limit"; readonly detail: string }
  /** The thread's stack ended before the limit in the wasm: use a ContractWorker. */
  | { readonly code: "host-stack"; readonly detail: string }
  /** The host could not provide the memory that the limits promise. */
  | { readonly code: "host-memory"; readonly detail: string }
  /** The worker thread died or was terminated while it held the job. */
  | { readonly code: "worker-crashed"; readonly detail: string }
  /** More jobs are waiting for the worker than it may queue. */
  | { readonly code: "worker-busy"; readonly detail: string };

export class ContractVmError extends Error {
  readonly failure: ContractVmFailure;

  constructor(failure: ContractVmFailure, options?: ErrorOptions) {
    super(`contract-vm/${failure.code}: ${failure.detail}`, options);
    this.name = "ContractVmError";
    this.failure = failure;
  }

  get code(): ContractVmFailure["code"] {
    return this.failure.code;
  }
}
