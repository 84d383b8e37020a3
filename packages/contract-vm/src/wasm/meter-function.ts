import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { readLocals } from "./call-graph.ts";
import type { GasSchedule } from "./gas-schedule.ts";
import { BULK, type Instruction, OP, readInstruction } from "./instruction.ts";
import { WasmFormatError } from "./wasm-format-error.ts";
import type { FunctionBody, WasmModule } from "./wasm-module.ts";

/** Where the added globals and functions stand in the index spaces of the rewritten module. */
export interface MeterIndices {
  readonly gasLeft: number;
  readonly frameSlotsLeft: number;
  readonly stackFloor: number;
  readonly memoryPages: number;
  readonly chargeBytes: number;
  readonly growMemory: number;
  /** The C compiler's shadow-stack pointer, or undefined if the module has none. */
  readonly stackPointer: number | undefined;
}

export interface MeterFunctionOptions {
  readonly module: WasmModule;
  readonly body: FunctionBody;
  readonly schedule: GasSchedule;
  readonly indices: MeterIndices;
  /** Whether the function can be on the call stack more than once. */
  readonly isRecursive: boolean;
}

/**
 * Slots of eight bytes that a host's native frame needs besides one per local: return address,
 * saved registers, and the operand stack, which compiled C keeps shallow.
 */
export const FRAME_BASE_SLOTS = 40;
const ADDED_LOCALS = 1;
const I64 = 0x7e;

/** Where control may leave or enter, so that what follows is paid for separately. */
const SEGMENT_ENDS: ReadonlySet<number> = new Set([
  OP.unreachable,
  OP.loop,
  OP.if,
  OP.else,
  OP.end,
  OP.br,
  OP.brIf,
  OP.brTable,
  OP.return,
]);
/** Free, since it compiles to nothing: an interpreter's dispatch opens hundreds of blocks. */
const STRUCTURE: ReadonlySet<number> = new Set([OP.block, OP.loop, OP.else, OP.end]);
const MOVES_BYTES: ReadonlySet<number> = new Set([
  BULK.memoryInit,
  BULK.memoryCopy,
  BULK.memoryFill,
]);

/** The rewritten body, without its length prefix. */
export function meterFunction(options: MeterFunctionOptions): Uint8Array {
  return new FunctionMeter(options).run();
}

/**
 * Rewrites one function.
 *
 * Gas: a segment is a run of instructions that control enters only at its head and leaves only at
 * its foot (a call returns or traps), so its whole price is paid at its head. Entry and loop heads
 * also check that gas is not negative; between two checks only bounded code can run.
 *
 * Depth: a recursive function takes slots on entry and gives them back on exit. The body is
 * wrapped in a block, so that falling off the end, a branch to the function's label and `return`
 * (rewritten to a branch) all come out at the same place.
 */
class FunctionMeter {
  readonly #options: MeterFunctionOptions;
  readonly #out = new ByteWriter();
  #segment = new ByteWriter();
  #cost = 0;
  #isChecked = true;
  #nesting = 0;
  /** An added local that holds the gas left between charge and check. */
  #gasLocal = 0;

  constructor(options: MeterFunctionOptions) {
    this.#options = options;
  }

  run(): Uint8Array {
    const { module, body, isRecursive } = this.#options;
    const locals = readLocals(module, body);
    const type = module.types[body.typeIndex];
    if (!type) throw new WasmFormatError("function without a type", body.start);
    const slots = type.parameters.length + locals.count + ADDED_LOCALS + FRAME_BASE_SLOTS;
    this.#gasLocal = type.parameters.length + locals.count;
    this.#writeLocals(locals.codeStart);
    if (isRecursive) {
      if (type.results.length > 1) throw new WasmFormatError("several results", body.start);
      this.#takeSlots(slots);
      this.#out.byte(OP.block, type.results[0] ?? OP.emptyBlock);
    }
    this.#rewriteInstructions(locals.codeStart);
    if (isRecursive) {
      this.#addToGlobal(this.#options.indices.frameSlotsLeft, slots);
      this.#out.byte(OP.end);
    }
    return this.#out.bytes();
  }

  #writeLocals(codeStart: number): void {
    const { module, body } = this.#options;
    const reader = new ByteReader(module.bytes, body.start, codeStart);
    const groups = reader.unsigned();
    this.#out
      .unsigned(groups + ADDED_LOCALS)
      .append(reader.slice(reader.position, codeStart))
      .unsigned(1)
      .byte(I64);
  }

  #rewriteInstructions(codeStart: number): void {
    const { module, body } = this.#options;
    const reader = new ByteReader(module.bytes, codeStart, body.end);
    const instruction: Instruction = { opcode: 0, start: 0, end: 0, operand: 0 };
    let previousOpcode = 0;
    while (!reader.done) {
      readInstruction(reader, instruction);
      this.#rewrite(instruction, previousOpcode);
      previousOpcode = instruction.opcode;
    }
    if (this.#nesting !== -1) throw new WasmFormatError("unbalanced blocks", body.end);
  }

  #rewrite(instruction: Instruction, previousOpcode: number): void {
    const { opcode } = instruction;
    if (opcode === OP.block || opcode === OP.loop || opcode === OP.if) this.#nesting++;
    if (opcode === OP.end) this.#nesting--;
    if (opcode === OP.bulkPrefix) this.#chargeForBytes(instruction);
    this.#pay(this.#priceOf(instruction), this.#replacementOf(instruction));
    // A stack pointer that comes out of an addition is being restored on exit.
    const isStackPointer = instruction.operand === this.#options.indices.stackPointer;
    if (opcode === OP.globalSet && isStackPointer && previousOpcode !== OP.i32Add)
      this.#checkStackFloor();
    if (!SEGMENT_ENDS.has(opcode)) return;
    this.#closeSegment();
    this.#isChecked = opcode === OP.loop;
  }

  #priceOf({ opcode, operand }: Instruction): number {
    const { schedule } = this.#options;
    if (STRUCTURE.has(opcode)) return 0;
    if (opcode >= OP.loadFirst && opcode <= OP.storeLast) return schedule.memoryAccess;
    if (opcode === OP.call || opcode === OP.memoryGrow) return schedule.call;
    if (opcode === OP.callIndirect) return schedule.callIndirect;
    if (opcode === OP.brTable) return schedule.branchTable;
    if (opcode === OP.bulkPrefix && MOVES_BYTES.has(operand)) return schedule.bulkMemory;
    const isI32Division = opcode >= OP.i32DivS && opcode <= OP.i32RemU;
    const isI64Division = opcode >= OP.i64DivS && opcode <= OP.i64RemU;
    return isI32Division || isI64Division ? schedule.division : schedule.plain;
  }

  /** The instruction's own bytes, unless it must become another. */
  #replacementOf({ opcode, start, end }: Instruction): Uint8Array {
    const { indices, isRecursive, module } = this.#options;
    if (opcode === OP.memorySize) return encode(OP.globalGet, indices.memoryPages);
    if (opcode === OP.memoryGrow) return encode(OP.call, indices.growMemory);
    if (opcode === OP.return && isRecursive) return encode(OP.br, this.#nesting);
    return module.bytes.subarray(start, end);
  }

  /** The length is on top of the operand stack; the helper charges for it and gives it back. */
  #chargeForBytes({ operand }: Instruction): void {
    if (MOVES_BYTES.has(operand))
      this.#segment.append(encode(OP.call, this.#options.indices.chargeBytes));
  }

  #pay(cost: number, code: Uint8Array): void {
    this.#cost += cost;
    this.#segment.append(code);
  }

  #closeSegment(): void {
    const { schedule, indices } = this.#options;
    const cost = this.#cost + (this.#isChecked ? schedule.check : 0);
    if (cost > 0) {
      this.#out.byte(OP.globalGet).unsigned(indices.gasLeft);
      this.#out.byte(OP.i64Const).signed(cost).byte(OP.i64Sub);
      if (this.#isChecked) this.#out.byte(OP.localTee).unsigned(this.#gasLocal);
      this.#out.byte(OP.globalSet).unsigned(indices.gasLeft);
    }
    if (this.#isChecked) {
      this.#out.byte(OP.localGet).unsigned(this.#gasLocal);
      this.#out.byte(OP.i64Const, 0, OP.i64LtS, OP.if, OP.emptyBlock, OP.unreachable, OP.end);
    }
    this.#out.append(this.#segment.bytes());
    this.#segment = new ByteWriter();
    this.#cost = 0;
    this.#isChecked = false;
  }

  #takeSlots(slots: number): void {
    const { frameSlotsLeft } = this.#options.indices;
    this.#addToGlobal(frameSlotsLeft, -slots);
    this.#out.byte(OP.globalGet).unsigned(frameSlotsLeft);
    this.#out.byte(OP.i32Const, 0, OP.i32LtS, OP.if, OP.emptyBlock, OP.unreachable, OP.end);
  }

  #addToGlobal(index: number, amount: number): void {
    this.#out.byte(OP.globalGet).unsigned(index).byte(OP.i32Const).signed(amount).byte(OP.i32Add);
    this.#out.byte(OP.globalSet).unsigned(index);
  }

  #checkStackFloor(): void {
    const { stackPointer, stackFloor } = this.#options.indices;
    this.#segment.byte(OP.globalGet).unsigned(stackPointer ?? 0);
    this.#segment.byte(OP.globalGet).unsigned(stackFloor);
    this.#segment.byte(OP.i32LtU, OP.if, OP.emptyBlock, OP.unreachable, OP.end);
  }
}

function encode(opcode: number, operand: number): Uint8Array {
  return new ByteWriter().byte(opcode).unsigned(operand).bytes();
}
