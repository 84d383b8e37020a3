/**
 * What one wasm instruction costs. A schedule is part of consensus: it decides which transactions
 * run out of gas, so a change is a new version, never an edit.
 *
 * The unit is roughly one cheap instruction of optimised code. Weights follow measured time where
 * it differs much from that (division, indirect calls, bulk memory); their aim is that no program
 * can buy much more time per gas than another.
 */
export interface GasSchedule {
  readonly version: number;
  readonly plain: number;
  readonly memoryAccess: number;
  readonly division: number;
  readonly branchTable: number;
  readonly call: number;
  readonly callIndirect: number;
  readonly bulkMemory: number;
  /** Bulk memory operations pay one more unit for every 2^bulkBytesShift bytes. */
  readonly bulkBytesShift: number;
  /** A grown page is 64 KiB that the host must map, clear and later reset. */
  readonly memoryPage: number;
  /** The check at function entry and at loop heads. */
  readonly check: number;
}

export const GAS_SCHEDULE: GasSchedule = {
  version: 1,
  plain: 1,
  memoryAccess: 2,
  division: 8,
  branchTable: 2,
  call: 3,
  callIndirect: 5,
  bulkMemory: 8,
  bulkBytesShift: 3,
  memoryPage: 8192,
  check: 1,
};
