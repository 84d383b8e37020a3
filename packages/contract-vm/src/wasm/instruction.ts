import type { ByteReader } from "./byte-reader.ts";
import { WasmFormatError } from "./wasm-format-error.ts";

export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  loadFirst: 0x28,
  storeLast: 0x3e,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GtU: 0x4b,
  i32Eq: 0x46,
  i64LtS: 0x53,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32DivS: 0x6d,
  i32RemU: 0x70,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivS: 0x7f,
  i64RemU: 0x82,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
  refFunc: 0xd2,
  bulkPrefix: 0xfc,
  emptyBlock: 0x40,
} as const;

/** Second byte after the 0xfc prefix. */
export const BULK = { memoryInit: 8, dataDrop: 9, memoryCopy: 10, memoryFill: 11 } as const;

const FIRST_NUMERIC = 0x45;
const LAST_NUMERIC = 0xc4;

/** One decoded instruction; `operand` is its first immediate where the rewriter needs it. */
export interface Instruction {
  opcode: number;
  start: number;
  end: number;
  operand: number;
}

/**
 * Reads one instruction. Everything that a C compiler emits without SIMD, threads, exceptions and
 * tail calls is known; anything else is refused, because an instruction that is not understood
 * can neither be charged nor be kept from escaping the depth count.
 */
export function readInstruction(reader: ByteReader, into: Instruction): Instruction {
  into.start = reader.position;
  const opcode = reader.byte();
  into.opcode = opcode;
  into.operand = -1;
  readImmediates(reader, opcode, into);
  into.end = reader.position;
  return into;
}

function readImmediates(reader: ByteReader, opcode: number, into: Instruction): void {
  if (opcode >= OP.loadFirst && opcode <= OP.storeLast) {
    if (reader.unsigned() & 0x40) throw new WasmFormatError("several memories", into.start);
    reader.skipNumber();
  } else if (opcode >= FIRST_NUMERIC && opcode <= LAST_NUMERIC) {
    // No immediates.
  } else {
    readOtherImmediates(reader, opcode, into);
  }
}

function readOtherImmediates(reader: ByteReader, opcode: number, into: Instruction): void {
  switch (opcode) {
    case OP.unreachable:
    case 0x01:
    case OP.else:
    case OP.end:
    case OP.return:
    case OP.drop:
    case 0x1b:
      return;
    case OP.block:
    case OP.loop:
    case OP.if:
    case OP.i32Const:
      into.operand = Number(reader.signed());
      return;
    case OP.i64Const:
      reader.skipNumber();
      return;
    case OP.f32Const:
      reader.skip(4);
      return;
    case OP.f64Const:
      reader.skip(8);
      return;
    case OP.br:
    case OP.brIf:
    case OP.call:
    case OP.localGet:
    case OP.localSet:
    case OP.localTee:
    case OP.globalGet:
    case OP.globalSet:
      into.operand = reader.unsigned();
      return;
    case OP.callIndirect:
      into.operand = reader.unsigned();
      reader.skipNumber();
      return;
    case OP.brTable: {
      const count = reader.unsigned();
      for (let index = 0; index <= count; index++) reader.skipNumber();
      return;
    }
    case OP.memorySize:
    case OP.memoryGrow:
      reader.skip(1);
      return;
    case OP.bulkPrefix:
      readBulk(reader, into);
      return;
    default:
      throw new WasmFormatError(`unsupported opcode 0x${opcode.toString(16)}`, into.start);
  }
}

function readBulk(reader: ByteReader, into: Instruction): void {
  into.operand = reader.unsigned();
  if (into.operand < BULK.memoryInit) return; // saturating float-to-integer conversions
  if (into.operand === BULK.memoryCopy) reader.skip(2);
  else if (into.operand === BULK.memoryFill) reader.skip(1);
  else if (into.operand === BULK.memoryInit) {
    reader.skipNumber();
    reader.skip(1);
  } else if (into.operand === BULK.dataDrop) reader.skipNumber();
  else throw new WasmFormatError(`unsupported opcode 0xfc ${into.operand}`, into.start);
}
