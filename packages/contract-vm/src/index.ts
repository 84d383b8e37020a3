export { type BuiltContract, buildContract } from "./bundle/build-contract.ts";
export { VmContractRunner, vmParameters } from "./bundle/vm-contract-runner.ts";
export { type LoadOutcome, loadProgram, type Program, runScript } from "./contract-vm.ts";
export { ContractVmError, type ContractVmFailure } from "./contract-vm-error.ts";
export { ENGINE_HASH } from "./engine/engine-hash.ts";
export {
  GUEST_PRELUDE_SHA256,
  METERED_WASM_SHA256,
  prepareEngine,
  QUICKJS_WASM_SHA256,
} from "./engine/metered-wasm.ts";
export { encodeGuestData, type GuestData } from "./guest/guest-value.ts";
export {
  DEFAULT_LIMITS,
  MEMORY_BYTES_MAX,
  MEMORY_BYTES_MIN,
  type VmLimits,
} from "./vm-limits.ts";
export type { SourcePosition, VmError, VmErrorCode, VmOutcome } from "./vm-outcome.ts";
export { GAS_SCHEDULE, type GasSchedule } from "./wasm/gas-schedule.ts";
export { ContractWorker, type ContractWorkerOptions } from "./worker/contract-worker.ts";
