import { toAsciiText, toHexText } from "#bytes-as-text";
import { CodecError } from "../codec-error.ts";
import {
  DEPTH_MAX,
  MAJOR_BYTES,
  MAJOR_NEGATIVE,
  MAJOR_TEXT,
  MAJOR_UNSIGNED,
} from "./cbor-writer.ts";
import { pooledCopy } from "./pooled-bytes.ts";
import type { Hex } from "./schema.ts";
import { assertCanonicalText } from "./text.ts";

const MAJOR_NAMES = ["unsigned", "negative", "bytes", "text", "list", "map", "tag", "simple"];
const textDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads CBOR items and refuses every form but the one that CborWriter writes. */
export class CborReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#offset;
  }

  end(): void {
    if (this.#offset < this.#bytes.length)
      throw new CodecError({ code: "codec/trailing-bytes", offset: this.#offset });
  }

  enter(): void {
    if (++this.#depth > DEPTH_MAX) throw new CodecError({ code: "codec/too-deep", max: DEPTH_MAX });
  }

  leave(): void {
    this.#depth--;
  }

  /** Reads the head of an item of the given major type, and returns its argument. */
  head(major: number): number {
    const argument = this.#argument(major, MAJOR_NAMES[major] as string);
    return typeof argument === "bigint" ? Number(argument) : argument;
  }

  /** Passes over the one canonical item given, if that is what comes next. */
  skip(item: Uint8Array): boolean {
    const start = this.#offset;
    for (let i = 0; i < item.length; i++) if (this.#bytes[start + i] !== item[i]) return false;
    this.#offset = start + item.length;
    return true;
  }

  integer(): bigint {
    return BigInt(this.smallest());
  }

  /** An integer, as a number where its argument takes up to 32 bits. */
  smallest(): number | bigint {
    if (this.#peek() >> 5 !== MAJOR_NEGATIVE) return this.#argument(MAJOR_UNSIGNED, "integer");
    return -1n - BigInt(this.#argument(MAJOR_NEGATIVE, "integer"));
  }

  bool(): boolean {
    const initial = this.#peek();
    if (initial !== 0xf4 && initial !== 0xf5) throw this.#unexpected(initial, "bool");
    this.#offset++;
    return initial === 0xf5;
  }

  bytes(min: number, max: number): Uint8Array {
    const end = this.#span(MAJOR_BYTES, "bytes", min, max);
    // Never a view: it would share its memory with whoever fills the buffer next.
    return pooledCopy(this.#bytes, this.#advance(end), end);
  }

  hex(min: number, max: number): Hex {
    const end = this.#span(MAJOR_BYTES, "bytes", min, max);
    return toHexText(this.#bytes, this.#advance(end), end);
  }

  text(min: number, max: number): string {
    const end = this.#span(MAJOR_TEXT, "text", min, max);
    const start = this.#advance(end);
    for (let i = start; i < end; i++)
      if ((this.#bytes[i] as number) > 0x7f) return this.#decodeText(start, end);
    return toAsciiText(this.#bytes, start, end);
  }

  /** Moves to `end` and returns the place it left. */
  #advance(end: number): number {
    const start = this.#offset;
    this.#offset = end;
    return start;
  }

  #decodeText(start: number, end: number): string {
    let value: string;
    try {
      value = textDecoder.decode(this.#bytes.subarray(start, end));
    } catch {
      throw new CodecError({ code: "codec/invalid-utf8", offset: start });
    }
    assertCanonicalText(value);
    return value;
  }

  /** Reads the head of a string and returns where its content ends. */
  #span(major: number, what: string, min: number, max: number): number {
    const length = this.head(major);
    if (length < min || length > max)
      throw new CodecError({ code: "codec/bad-length", what, found: length, min, max });
    if (this.#offset + length > this.#bytes.length)
      throw new CodecError({ code: "codec/truncated", offset: this.#bytes.length });
    return this.#offset + length;
  }

  #argument(major: number, expected: string): number | bigint {
    const initial = this.#peek();
    if (initial >> 5 !== major) throw this.#unexpected(initial, expected);
    const info = initial & 31;
    const start = this.#offset++;
    if (info < 24) return info;
    if (info > 27) throw new CodecError({ code: "codec/indefinite-length", offset: start });
    const size = 1 << (info - 24);
    if (this.#offset + size > this.#bytes.length)
      throw new CodecError({ code: "codec/truncated", offset: this.#bytes.length });
    let argument = 0;
    for (let i = 0; i < Math.min(size, 4); i++)
      argument = argument * 256 + (this.#bytes[this.#offset++] as number);
    if (size === 8) return this.#argument64(argument, start);
    const smallest = size === 1 ? 24 : size === 2 ? 0x100 : 0x1_0000;
    if (argument < smallest)
      throw new CodecError({ code: "codec/non-minimal-integer", offset: start });
    return argument;
  }

  #argument64(high: number, start: number): bigint {
    if (high === 0) throw new CodecError({ code: "codec/non-minimal-integer", offset: start });
    let low = 0;
    for (let i = 0; i < 4; i++) low = low * 256 + (this.#bytes[this.#offset++] as number);
    return (BigInt(high) << 32n) | BigInt(low);
  }

  #peek(): number {
    const initial = this.#bytes[this.#offset];
    if (initial === undefined)
      throw new CodecError({ code: "codec/truncated", offset: this.#offset });
    return initial;
  }

  /** Names the forbidden item where it is one, so that a foreign encoder's author sees the cause. */
  #unexpected(initial: number, expected: string): CodecError {
    const offset = this.#offset;
    const major = initial >> 5;
    if (major === 6) return new CodecError({ code: "codec/forbidden-item", offset, item: "tag" });
    if (major === 7 && initial !== 0xf4 && initial !== 0xf5)
      return new CodecError({ code: "codec/forbidden-item", offset, item: simpleItem(initial) });
    const found = major === 7 ? "bool" : (MAJOR_NAMES[major] as string);
    return new CodecError({ code: "codec/wrong-type", offset, expected, found });
  }
}

function simpleItem(initial: number): "null" | "undefined" | "float" | "simple" {
  if (initial === 0xf6) return "null";
  if (initial === 0xf7) return "undefined";
  return initial >= 0xf9 && initial <= 0xfb ? "float" : "simple";
}
