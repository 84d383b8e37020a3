/** Bounds of one run. They are part of consensus, like the gas schedule. */
export interface VmLimits {
  readonly gas: bigint;
  readonly memoryBytes: number;
  readonly stackBytes: number;
  readonly callDepth: number;
  readonly sourceBytesMax: number;
  readonly inputBytesMax: number;
  readonly resultBytesMax: number;
}

export const WASM_PAGE_BYTES = 65_536;
/** The rewritten wasm declares this as its memory's maximum; `memoryBytes` cannot exceed it. */
export const MEMORY_PAGES_MAX = 1024;

export const DEFAULT_LIMITS: VmLimits = {
  gas: 1_000_000_000n,
  memoryBytes: 16 * 1024 * 1024,
  stackBytes: 160 * 1024,
  callDepth: 76_000,
  sourceBytesMax: 1024 * 1024,
  inputBytesMax: 1024 * 1024,
  resultBytesMax: 64 * 1024,
};
