import { CodecError } from "../codec-error.ts";
import { writeHex } from "./hex.ts";
import { pooledCopy } from "./pooled-bytes.ts";
import type { Hex } from "./schema.ts";

export const MAJOR_UNSIGNED = 0;
export const MAJOR_NEGATIVE = 1;
export const MAJOR_BYTES = 2;
export const MAJOR_TEXT = 3;
export const MAJOR_LIST = 4;
export const MAJOR_MAP = 5;

/** Of lists, records and unions inside each other; a union counts twice, as its map does. */
export const DEPTH_MAX = 32;

/** Appends CBOR items, each with the shortest head that holds its argument. */
export class CborWriter {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;
  #depth = 0;

  /** A copy of what was written; the writer starts afresh. */
  take(): Uint8Array {
    const bytes = pooledCopy(this.#buffer, 0, this.#length);
    this.#length = 0;
    this.#depth = 0;
    return bytes;
  }

  head(major: number, argument: number): void {
    this.#reserve(9);
    const initial = major << 5;
    if (argument < 24) {
      this.#buffer[this.#length++] = initial | argument;
    } else if (argument < 0x100) {
      this.#buffer[this.#length++] = initial | 24;
      this.#buffer[this.#length++] = argument;
    } else if (argument < 0x1_0000) {
      this.#buffer[this.#length++] = initial | 25;
      this.#view.setUint16(this.#length, argument);
      this.#length += 2;
    } else if (argument < 0x1_0000_0000) {
      this.#buffer[this.#length++] = initial | 26;
      this.#view.setUint32(this.#length, argument);
      this.#length += 4;
    } else {
      this.#head64(initial, BigInt(argument));
    }
  }

  /** An integer from 0 to 2^53 - 1. */
  unsigned(value: number): void {
    this.head(MAJOR_UNSIGNED, value);
  }

  integer(value: bigint): void {
    const major = value < 0n ? MAJOR_NEGATIVE : MAJOR_UNSIGNED;
    const argument = value < 0n ? -1n - value : value;
    if (argument < 0x1_0000_0000n) {
      this.head(major, Number(argument));
    } else {
      this.#reserve(9);
      this.#head64(major << 5, argument);
    }
  }

  enter(): void {
    if (++this.#depth > DEPTH_MAX) throw new CodecError({ code: "codec/too-deep", max: DEPTH_MAX });
  }

  leave(): void {
    this.#depth--;
  }

  bool(value: boolean): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value ? 0xf5 : 0xf4;
  }

  bytes(value: Uint8Array): void {
    this.head(MAJOR_BYTES, value.length);
    this.raw(value);
  }

  hex(value: Hex): void {
    const length = value.length >> 1;
    this.head(MAJOR_BYTES, length);
    this.#reserve(length);
    writeHex(value, this.#buffer, this.#length);
    this.#length += length;
  }

  utf8(value: Uint8Array): void {
    this.head(MAJOR_TEXT, value.length);
    this.raw(value);
  }

  /** Writes text that is ASCII, without the detour over an encoder; of other text, nothing. */
  ascii(value: string): boolean {
    const start = this.#length;
    this.head(MAJOR_TEXT, value.length);
    this.#reserve(value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.#length = start;
        return false;
      }
      this.#buffer[this.#length++] = code;
    }
    return true;
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  #head64(initial: number, argument: bigint): void {
    this.#buffer[this.#length++] = initial | 27;
    this.#view.setBigUint64(this.#length, argument);
    this.#length += 8;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + count));
    grown.set(this.#buffer);
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}
