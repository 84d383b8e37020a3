import { WasmFormatError } from "./wasm-format-error.ts";

/** Reads the primitives of the wasm binary format from one buffer. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  position: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined || this.position >= this.end)
      throw new WasmFormatError("unexpected end", this.position);
    this.position++;
    return value;
  }

  /** Unsigned LEB128, at most 32 bits. */
  unsigned(): number {
    let result = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    if (result > 0xffff_ffff) throw new WasmFormatError("number over 32 bits", this.position);
    return result;
  }

  /** Signed LEB128, at most 64 bits. */
  signed(): bigint {
    let result = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      result |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return byte & 0x40 ? result - (1n << shift) : result;
    }
  }

  /** Steps over a LEB128 number of either kind. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  skip(count: number): void {
    this.position += count;
    if (this.position > this.end) throw new WasmFormatError("unexpected end", this.position);
  }

  name(): string {
    const length = this.unsigned();
    const start = this.position;
    this.skip(length);
    return new TextDecoder().decode(this.bytes.subarray(start, this.position));
  }

  slice(start: number, end = this.position): Uint8Array {
    return this.bytes.subarray(start, end);
  }
}
