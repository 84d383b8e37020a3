import { ContractVmError } from "../contract-vm-error.ts";
import { MEMORY_PAGES_MAX, type VmLimits, WASM_PAGE_BYTES } from "../vm-limits.ts";
import type { VmErrorCode } from "../vm-outcome.ts";
import { MEMORY_DENIED } from "../wasm/meter-module.ts";
import { meteredModule } from "./metered-wasm.ts";

/** A JavaScript value of the guest: QuickJS's 64-bit NaN-boxed word. */
export type GuestWord = bigint;

export interface EngineExports {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
  readonly gas_left: WebAssembly.Global;
  readonly frame_slots_left: WebAssembly.Global;
  readonly stack_floor: WebAssembly.Global;
  readonly memory_pages: WebAssembly.Global;
  readonly memory_page_limit: WebAssembly.Global;
  readonly memory_denied: WebAssembly.Global;
  _initialize(): void;
  qjs_init2(intrinsics: number): number;
  qjs_get_context_ptr(): number;
  qjs_get_runtime_ptr(): number;
  qjs_set_promise_rejection_handler(enabled: number): void;
  wasm_malloc(byteCount: number): number;
  JS_SetMaxStackSize(runtime: number, byteCount: number): void;
  JS_Eval(
    context: number,
    source: number,
    byteCount: number,
    fileName: number,
    flags: number,
  ): GuestWord;
  JS_Call(
    context: number,
    callee: GuestWord,
    self: GuestWord,
    argumentCount: number,
    values: number,
  ): GuestWord;
  JS_FreeValue(context: number, value: GuestWord): void;
  JS_GetException(context: number): GuestWord;
  JS_ReadObject(context: number, bytes: number, byteCount: number, flags: number): GuestWord;
  JS_ToCStringLen2(context: number, lengthCell: number, value: GuestWord, cesu8: number): number;
  JS_IsJobPending(runtime: number): number;
}

/** Everything that a run can change, as it was at one moment between calls. */
export interface InstanceSnapshot {
  /** From `low` on; below it only the never-used end of the C stack lies. */
  readonly memory: Uint8Array;
  readonly low: number;
  readonly pages: number;
  readonly stackPointer: number;
}

/** Why a run ended early, in the words of a verdict. */
export type TrapCode = Extract<VmErrorCode, "out-of-gas" | "stack-overflow" | "trapped">;

export class GuestTrap extends Error {
  readonly trap: TrapCode;

  constructor(trap: TrapCode, cause: unknown) {
    super(trap, { cause });
    this.name = "GuestTrap";
    this.trap = trap;
  }
}

/** C code may use this much below QuickJS's own limit before the trap: buffers on its stack. */
export const STACK_MARGIN_BYTES = 32 * 1024;
/** A null pointer in C writes here; it is restored although no stack ever reaches it. */
const NULL_AREA_BYTES = 4096;

/** One wasm instance of the metered engine with its deterministic imports. */
export class GuestInstance {
  readonly exports: EngineExports;
  /** Set when guest code rejected a promise: nothing will ever handle it. */
  hasRejection = false;
  #bytes: Uint8Array;

  constructor() {
    try {
      const instance = new WebAssembly.Instance(meteredModule(), this.#imports());
      this.exports = instance.exports as unknown as EngineExports;
    } catch (cause) {
      if (cause instanceof RangeError) throw hostMemoryError(cause);
      throw cause;
    }
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
  }

  get bytes(): Uint8Array {
    // The buffer is replaced whenever the guest grows its memory.
    if (this.#bytes.buffer !== this.exports.memory.buffer)
      this.#bytes = new Uint8Array(this.exports.memory.buffer);
    return this.#bytes;
  }

  setLimits(limits: VmLimits): void {
    const { exports } = this;
    exports.gas_left.value = limits.gas;
    exports.frame_slots_left.value = limits.callDepth;
    exports.memory_denied.value = 0;
    exports.memory_page_limit.value = pageLimit(limits, exports.memory_pages.value);
  }

  /** Runs calls into the guest, turning every trap into its reason. */
  run<T>(calls: (exports: EngineExports) => T): T {
    try {
      return calls(this.exports);
    } catch (cause) {
      throw this.#explain(cause);
    }
  }

  snapshot(): InstanceSnapshot {
    const { exports } = this;
    const low = exports.stack_floor.value;
    return {
      memory: this.bytes.slice(
        low,
        usedEnd(this.bytes, exports.memory_pages.value * WASM_PAGE_BYTES),
      ),
      low,
      pages: exports.memory_pages.value,
      stackPointer: exports.__stack_pointer.value,
    };
  }

  /** Goes back to a snapshot, of this or of another instance. */
  restore(snapshot: InstanceSnapshot): void {
    const { exports } = this;
    this.#ensurePages(snapshot.pages);
    const { bytes } = this;
    bytes.fill(0, 0, NULL_AREA_BYTES);
    bytes.set(snapshot.memory, snapshot.low);
    bytes.fill(
      0,
      snapshot.low + snapshot.memory.length,
      exports.memory_pages.value * WASM_PAGE_BYTES,
    );
    exports.memory_pages.value = snapshot.pages;
    exports.__stack_pointer.value = snapshot.stackPointer;
    exports.stack_floor.value = snapshot.low;
    this.hasRejection = false;
  }

  #ensurePages(pages: number): void {
    const { memory } = this.exports;
    const missing = pages - memory.buffer.byteLength / WASM_PAGE_BYTES;
    if (missing <= 0) return;
    try {
      memory.grow(missing);
    } catch (cause) {
      throw hostMemoryError(cause);
    }
  }

  #explain(cause: unknown): unknown {
    const { exports } = this;
    if (cause instanceof RangeError && cause.message.includes("call stack"))
      return new ContractVmError(
        { code: "host-stack", detail: "the thread's stack ended before the limit" },
        { cause },
      );
    if (!(cause instanceof WebAssembly.RuntimeError)) return cause;
    if (exports.gas_left.value < 0n) return new GuestTrap("out-of-gas", cause);
    if (exports.frame_slots_left.value < 0) return new GuestTrap("stack-overflow", cause);
    if (exports.__stack_pointer.value >>> 0 < exports.stack_floor.value)
      return new GuestTrap("stack-overflow", cause);
    if (exports.memory_denied.value === MEMORY_DENIED.byHost) return hostMemoryError(cause);
    return new GuestTrap("trapped", cause);
  }

  #imports(): WebAssembly.Imports {
    const BAD_DESCRIPTOR = 8;
    const zero = (): number => 0;
    const badDescriptor = (): number => BAD_DESCRIPTOR;
    return {
      env: {
        host_get_timezone_offset: zero,
        host_interrupt: zero,
        host_module_normalize: zero,
        host_module_load: zero,
        host_call: zero,
        host_promise_rejection: () => {
          this.hasRejection = true;
        },
      },
      wasi_snapshot_preview1: {
        clock_time_get: (_clock: number, _precision: bigint, address: number): number => {
          new DataView(this.exports.memory.buffer).setBigUint64(address >>> 0, 0n, true);
          return 0;
        },
        random_get: (address: number, byteCount: number): number => {
          this.bytes.fill(0, address >>> 0, (address >>> 0) + (byteCount >>> 0));
          return 0;
        },
        fd_close: badDescriptor,
        fd_fdstat_get: badDescriptor,
        fd_seek: badDescriptor,
        fd_write: badDescriptor,
      },
    };
  }
}

function pageLimit(limits: VmLimits, current: number): number {
  const wanted = Math.floor(limits.memoryBytes / WASM_PAGE_BYTES);
  return Math.max(current, Math.min(wanted, MEMORY_PAGES_MAX));
}

function usedEnd(bytes: Uint8Array, limit: number): number {
  let end = limit;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}

function hostMemoryError(cause: unknown): ContractVmError {
  return new ContractVmError(
    { code: "host-memory", detail: "the host has no memory for a contract VM" },
    { cause },
  );
}
