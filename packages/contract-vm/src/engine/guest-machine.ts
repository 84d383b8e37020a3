import type { VmLimits } from "../vm-limits.ts";
import type { SourcePosition, VmError, VmErrorCode } from "../vm-outcome.ts";
import {
  GuestInstance,
  type GuestWord,
  type InstanceSnapshot,
  STACK_MARGIN_BYTES,
} from "./guest-instance.ts";
import { readGuestPrelude } from "./metered-wasm.ts";

/** The script that every contract VM runs first; other hosts must run the same text. */
export const GUEST_PRELUDE = readGuestPrelude();
const CONTRACT_FILE_NAME = "contract.js";

/** Enough for start-up, which is always the same and needs no bound of its own. */
export const BOOT_GAS = 1_000_000_000n;

/**
 * Bits of `qjs_init2`: EVAL (needed to run any script) REGEXP JSON PROXY MAP_SET TYPED_ARRAYS
 * PROMISE BIG_INT. Without DATE, WEAK_REF, PERFORMANCE, DOM_EXCEPTION and ATOB_BTOA.
 */
export const INTRINSICS = 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256;

const TAG_EXCEPTION = 6n;
const UNDEFINED: GuestWord = 3n << 32n;
const TAG_SHIFT = 32n;
/** Two argument words, then the cell in which the engine writes a string's length. */
const LENGTH_CELL_OFFSET = 16;
const CELLS_BYTES = 20;

/** What the prelude's function can be asked. */
export const OPERATION = { describe: 0n, bind: 1n, callContract: 2n, render: 3n } as const;

export type Reply =
  | { readonly ok: true; readonly text: string | undefined }
  | { readonly ok: false; readonly error: VmError };

/** Where the engine's fixed things are; the same in every instance restored from one snapshot. */
export interface Fixtures {
  readonly context: number;
  readonly runtime: number;
  readonly prelude: GuestWord;
  readonly cells: number;
  readonly fileName: number;
}

export interface MachineState {
  readonly snapshot: InstanceSnapshot;
  readonly fixtures: Fixtures;
}

/**
 * The steps of a run in the guest. Hosts in other languages must make the same engine calls in
 * the same order: each costs gas.
 */
export class GuestMachine {
  readonly instance: GuestInstance;
  readonly fixtures: Fixtures;

  constructor(instance: GuestInstance, fixtures: Fixtures) {
    this.instance = instance;
    this.fixtures = fixtures;
  }

  /** Starts the engine and runs the prelude. */
  static boot(limits: VmLimits): MachineState {
    const instance = new GuestInstance();
    instance.setLimits({ ...limits, gas: BOOT_GAS });
    const fixtures = instance.run((exports) => {
      exports._initialize();
      if (exports.qjs_init2(INTRINSICS) !== 0) throw new Error("the engine did not start");
      const context = exports.qjs_get_context_ptr();
      const runtime = exports.qjs_get_runtime_ptr();
      exports.stack_floor.value =
        exports.__stack_pointer.value - limits.stackBytes - STACK_MARGIN_BYTES;
      exports.JS_SetMaxStackSize(runtime, limits.stackBytes);
      exports.qjs_set_promise_rejection_handler(1);
      const preludeName = putText(instance, "prelude.js");
      const source = putText(instance, GUEST_PRELUDE);
      const prelude = exports.JS_Eval(
        context,
        source.address,
        source.byteCount,
        preludeName.address,
        0,
      );
      if (isException(prelude)) throw new Error("the prelude failed");
      const cells = exports.wasm_malloc(CELLS_BYTES);
      return {
        context,
        runtime,
        prelude,
        cells,
        fileName: putText(instance, CONTRACT_FILE_NAME).address,
      };
    });
    return { snapshot: instance.snapshot(), fixtures };
  }

  /** Evaluates a script; the reply to a normal end is the value itself. */
  evaluate(source: Uint8Array): { readonly value: GuestWord } | Reply {
    const { context, fileName } = this.fixtures;
    const address = this.#put(source);
    if (address === 0) return OUT_OF_MEMORY;
    const value = this.instance.exports.JS_Eval(context, address, source.length, fileName, 0);
    if (!isException(value)) return { value };
    return this.ask(OPERATION.describe, this.instance.exports.JS_GetException(context));
  }

  /** Decodes an encoded input to a value of the guest. */
  readInput(input: Uint8Array): { readonly value: GuestWord } | Reply {
    const address = this.#put(input);
    if (address === 0) return OUT_OF_MEMORY;
    const value = this.instance.exports.JS_ReadObject(
      this.fixtures.context,
      address,
      input.length,
      0,
    );
    return isException(value) ? OUT_OF_MEMORY : { value };
  }

  /** Calls the prelude's function and decodes its answer. */
  ask(
    operation: bigint,
    value: GuestWord = UNDEFINED,
    resultBytesMax = Number.POSITIVE_INFINITY,
  ): Reply {
    const { exports } = this.instance;
    const { context, prelude, cells } = this.fixtures;
    const view = new DataView(exports.memory.buffer);
    view.setBigUint64(cells, operation, true);
    view.setBigInt64(cells + 8, BigInt.asIntN(64, value), true);
    const answer = exports.JS_Call(context, prelude, UNDEFINED, 2, cells);
    // The prelude catches everything, so only a lack of memory while it answers gets out of it.
    if (isException(answer)) return OUT_OF_MEMORY;
    const address = exports.JS_ToCStringLen2(context, cells + LENGTH_CELL_OFFSET, answer, 0);
    if (address === 0) return OUT_OF_MEMORY;
    const length = new DataView(exports.memory.buffer).getUint32(cells + LENGTH_CELL_OFFSET, true);
    if (length - 1 > resultBytesMax) return threw(`the result is over ${resultBytesMax} bytes`);
    const wasMemoryDenied = exports.memory_denied.value !== 0;
    return parseReply(
      Buffer.from(exports.memory.buffer, address, length).toString("utf8"),
      wasMemoryDenied,
    );
  }

  /** Whether guest code started something asynchronous, which nothing will ever finish. */
  hasAsyncWork(): boolean {
    return (
      this.instance.hasRejection ||
      this.instance.exports.JS_IsJobPending(this.fixtures.runtime) !== 0
    );
  }

  #put(bytes: Uint8Array): number {
    return put(this.instance, bytes).address;
  }
}

export const ASYNC_REFUSED = threw("asynchronous code is not supported");
const OUT_OF_MEMORY: Reply = {
  ok: false,
  error: { code: "out-of-memory", detail: "out of memory" },
};

const CODES: Readonly<Record<string, VmErrorCode>> = {
  t: "threw",
  n: "threw",
  m: "out-of-memory",
  s: "stack-overflow",
  b: "invalid-bundle",
};

function threw(detail: string): Reply {
  return { ok: false, error: { code: "threw", detail } };
}

/** The grammar of replies stands in guest-prelude.js. */
function parseReply(reply: string, wasMemoryDenied: boolean): Reply {
  if (reply.startsWith("r")) return { ok: true, text: reply.slice(1) };
  if (reply.startsWith("u")) return { ok: true, text: undefined };
  if (reply.startsWith("n") && wasMemoryDenied) return OUT_OF_MEMORY;
  const end = reply.indexOf("\0");
  const code = CODES[reply[0] ?? ""];
  if (code === undefined || end < 0)
    throw new Error("the prelude gave an answer outside its grammar");
  const position = parsePosition(reply.slice(1, end));
  return {
    ok: false,
    error: { code, detail: reply.slice(end + 1), ...(position && { position }) },
  };
}

function parsePosition(text: string): SourcePosition | undefined {
  const match = /^(\d+):(\d+)/.exec(text);
  return match ? { line: Number(match[1]), column: Number(match[2]) } : undefined;
}

function isException(value: GuestWord): boolean {
  return BigInt.asUintN(64, value) >> TAG_SHIFT === TAG_EXCEPTION;
}

/** Copies bytes into the guest, with the zero that its parser wants after them. */
function put(instance: GuestInstance, bytes: Uint8Array): { address: number; byteCount: number } {
  const address = instance.exports.wasm_malloc(bytes.length + 1) >>> 0;
  if (address !== 0) {
    instance.bytes.set(bytes, address);
    instance.bytes[address + bytes.length] = 0;
  }
  return { address, byteCount: bytes.length };
}

function putText(instance: GuestInstance, text: string): { address: number; byteCount: number } {
  return put(instance, Buffer.from(text, "utf8"));
}
