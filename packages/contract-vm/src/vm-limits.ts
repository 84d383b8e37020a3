/** Bounds of one run. They are part of consensus, like the gas schedule. */
export interface VmLimits {
  /** Units of the gas schedule; a load has as much again. */
  readonly gas: bigint;
  /** The guest's whole linear memory, in which an idle engine takes 1.4 MB. */
  readonly memoryBytes: number;
  /** The guest's C stack; over it the guest sees a RangeError that it may catch. */
  readonly stackBytes: number;
  /** Slots of native stack that nested wasm calls may take together; over it the run is stopped. */
  readonly callDepth: number;
  readonly sourceBytesMax: number;
  /** Of the input as encoded for the guest. */
  readonly inputBytesMax: number;
  readonly resultBytesMax: number;
}

export const WASM_PAGE_BYTES = 65_536;
/** The rewritten wasm declares this as its memory's maximum; `memoryBytes` cannot exceed it. */
export const MEMORY_PAGES_MAX = 1024;
export const MEMORY_BYTES_MAX = MEMORY_PAGES_MAX * WASM_PAGE_BYTES;
/** With less the engine does not come up. */
export const MEMORY_BYTES_MIN = 1_600_000;

/**
 * A payment costs about 0.7 million gas and an invoice ten times that, so a limit of a thousand
 * million leaves room; the costliest of the hostile programs uses it up in under 0.5 s of CPU in
 * either of V8's tiers.
 *
 * Depth is counted in slots of 8 bytes: 40 a frame, and one for each of its locals. On V8 of Node 24
 * (x64) with the default stack of 984 KB, fifty kinds of recursion got to at least 215,000 slots
 * before the host's stack ended, in the baseline and in the optimising tier alike, so the limit
 * takes no more than 36 % of it. Since no frame is under 40 slots it also means at most 1,900 frames:
 * wazero's interpreter ends at 2,000. It suffices for 600 nested calls of JavaScript (the C stack
 * ends first, with an error that can be caught), 160 through array callbacks, 90 nested parentheses
 * or 40 nested function expressions in the source, and JSON 1,200 levels deep.
 */
export const DEFAULT_LIMITS: VmLimits = {
  gas: 1_000_000_000n,
  memoryBytes: 16 * 1024 * 1024,
  stackBytes: 160 * 1024,
  callDepth: 76_000,
  sourceBytesMax: 1024 * 1024,
  inputBytesMax: 1024 * 1024,
  resultBytesMax: 64 * 1024,
};
