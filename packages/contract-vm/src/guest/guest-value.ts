import { ContractVmError } from "../contract-vm-error.ts";

/** What a contract can be given: plain data, every number an integer. */
export type GuestData =
  | string
  | boolean
  | null
  | undefined
  | number
  | bigint
  | readonly GuestData[]
  | { readonly [key: string]: GuestData };

type GuestRecord = { readonly [key: string]: GuestData };

/** Deeper data would lean on the engine's own stack while it is read. */
export const INPUT_DEPTH_MAX = 128;
/** 8 Kibit: far over any amount or key, far under what makes arithmetic a burden. */
export const INPUT_BIGINT_BYTES_MAX = 1024;

const FORMAT_VERSION = 28;
/** The reader takes this in place of a checksum; ours would only guard one process against itself. */
const NO_CHECKSUM = 0xffff_ffff;
/** Atom 0 is "no atom", so indices into our own table start at 1. */
const FIRST_ATOM = 1;
const ATOM_TYPE_STRING = 1;
const ATOM_INTEGER_MAX = 2 ** 31 - 1;

const TAG = {
  null: 1,
  undefined: 2,
  false: 3,
  true: 4,
  int32: 5,
  float64: 6,
  string: 7,
  object: 8,
  array: 9,
  bigint: 10,
} as const;

/**
 * Encodes plain data in QuickJS-ng's object serialisation, which `JS_ReadObject` decodes inside the
 * metered wasm, so that reading the input costs gas and runs no guest code.
 *
 *     version:u8 checksum:u32le atomCount:leb { 1:u8 string }* value
 *     string = leb(length << 1 | isWide) then Latin-1 bytes or UTF-16LE units
 *     value  = tag:u8 then, by tag: int32 zigzag leb · float64 8 bytes le (integers past 32 bits)
 *              · string · object leb(count) { atom value }* · array leb(count) value*
 *              · bigint leb(byteCount) and two's complement, least byte first
 *     atom   = leb(integer << 1 | 1), or leb((tableIndex + 1) << 1)
 */
export function encodeGuestData(data: GuestData): Uint8Array {
  return new GuestDataEncoder().encode(data);
}

class GuestDataEncoder {
  readonly #atomIndices = new Map<string, number>();
  readonly #atoms = new Output();
  readonly #values = new Output();

  encode(data: GuestData): Uint8Array {
    this.#write(data, 0);
    const head = new Output();
    head.byte(FORMAT_VERSION);
    head.uint32(NO_CHECKSUM);
    head.leb(this.#atomIndices.size);
    return Buffer.concat([head.written(), this.#atoms.written(), this.#values.written()]);
  }

  #write(data: GuestData, depth: number): void {
    const out = this.#values;
    if (depth > INPUT_DEPTH_MAX) refuse(`deeper than ${INPUT_DEPTH_MAX}`);
    if (typeof data === "string") {
      out.byte(TAG.string);
      out.string(data);
    } else if (typeof data === "number") writeInteger(out, data);
    else if (typeof data === "bigint") writeBigint(out, data);
    else if (typeof data === "boolean") out.byte(data ? TAG.true : TAG.false);
    else if (data === undefined) out.byte(TAG.undefined);
    else if (data === null) out.byte(TAG.null);
    else if (Array.isArray(data)) this.#writeArray(data, depth);
    else if (typeof data === "object") this.#writeObject(data as GuestRecord, depth);
    else refuse(`a ${typeof data} is not data`);
  }

  #writeArray(items: readonly GuestData[], depth: number): void {
    this.#values.byte(TAG.array);
    this.#values.leb(items.length);
    for (let index = 0; index < items.length; index++) this.#write(items[index], depth + 1);
  }

  #writeObject(record: GuestRecord, depth: number): void {
    const prototype = Object.getPrototypeOf(record);
    if (prototype !== Object.prototype && prototype !== null) refuse("objects must be plain");
    const keys = Object.keys(record);
    this.#values.byte(TAG.object);
    this.#values.leb(keys.length);
    for (const key of keys) {
      this.#writeKey(key);
      this.#write(record[key], depth + 1);
    }
  }

  #writeKey(key: string): void {
    const integer = integerKey(key);
    if (integer >= 0) {
      this.#values.leb(integer * 2 + 1);
      return;
    }
    let index = this.#atomIndices.get(key);
    if (index === undefined) {
      index = this.#atomIndices.size;
      this.#atomIndices.set(key, index);
      this.#atoms.byte(ATOM_TYPE_STRING);
      this.#atoms.string(key);
    }
    this.#values.leb((index + FIRST_ATOM) * 2);
  }
}

/** The engine keeps array-index keys as integers; the same key as text would be another property. */
function integerKey(key: string): number {
  const first = key.charCodeAt(0);
  if (!(first >= 48 && first <= 57) || key.length > 10) return -1;
  const value = Number(key);
  return value <= ATOM_INTEGER_MAX && String(value) === key ? value : -1;
}

function writeInteger(out: Output, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    refuse(`${value} is not a safe integer`);
  if ((value | 0) === value) {
    out.byte(TAG.int32);
    out.leb(((value << 1) ^ (value >> 31)) >>> 0);
    return;
  }
  out.byte(TAG.float64);
  out.float64(value);
}

function writeBigint(out: Output, value: bigint): void {
  const bytes: number[] = [];
  if (value !== 0n) {
    // The magnitude's text length bounds the loop before any quadratic work is done.
    if (value.toString(16).length > INPUT_BIGINT_BYTES_MAX * 2) refuse("bigint too large");
    let rest = value;
    for (;;) {
      const low = Number(BigInt.asUintN(8, rest));
      bytes.push(low);
      rest >>= 8n;
      if ((rest === 0n && low < 128) || (rest === -1n && low >= 128)) break;
    }
  }
  out.byte(TAG.bigint);
  out.leb(bytes.length);
  for (const byte of bytes) out.byte(byte);
}

function refuse(detail: string): never {
  throw new ContractVmError({ code: "invalid-input", detail });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of one-byte strings.
const WIDE = /[^\x00-\xff]/;

/** Up to here a loop beats the calls into native code. */
const SHORT_TEXT_MAX = 24;

/** A growing byte buffer with the few primitives of the format. */
class Output {
  #buffer = Buffer.allocUnsafe(2048);
  #length = 0;

  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  leb(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  string(text: string): void {
    if (text.length <= SHORT_TEXT_MAX ? this.#shortLatin1(text) : this.#longLatin1(text)) return;
    this.leb(text.length * 2 + 1);
    this.#reserve(text.length * 2);
    this.#length += this.#buffer.write(text, this.#length, "utf16le");
  }

  #shortLatin1(text: string): boolean {
    const start = this.#length;
    this.leb(text.length * 2);
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0xff) {
        this.#length = start;
        return false;
      }
      this.#buffer[this.#length++] = unit;
    }
    return true;
  }

  #longLatin1(text: string): boolean {
    if (WIDE.test(text)) return false;
    this.leb(text.length * 2);
    this.#reserve(text.length);
    this.#length += this.#buffer.write(text, this.#length, "latin1");
    return true;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
