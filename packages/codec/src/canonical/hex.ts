import { toHexText } from "#bytes-as-text";
import { CodecError } from "../codec-error.ts";
import type { Hex } from "./schema.ts";

const NOT_A_DIGIT = 255;
const DIGITS = new Uint8Array(128).fill(NOT_A_DIGIT);
for (let digit = 0; digit < 16; digit++) DIGITS[digit.toString(16).charCodeAt(0)] = digit;

export function toHex(bytes: Uint8Array): Hex {
  return toHexText(bytes, 0, bytes.length) as Hex;
}

/** Takes lower-case digits only, so that equal bytes have one text. */
export function fromHex(hex: Hex): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1);
  writeHex(hex, bytes, 0);
  return bytes;
}

/** Writes the bytes that `hex` stands for into `target` at `offset`. */
export function writeHex(hex: Hex, target: Uint8Array, offset: number): void {
  if (hex.length % 2 !== 0) throw notHex(hex);
  for (let i = 0; i < hex.length; i += 2) {
    const high = DIGITS[hex.charCodeAt(i)] ?? NOT_A_DIGIT;
    const low = DIGITS[hex.charCodeAt(i + 1)] ?? NOT_A_DIGIT;
    if ((high | low) > 15) throw notHex(hex);
    target[offset + (i >> 1)] = (high << 4) | low;
  }
}

function notHex(hex: string): CodecError {
  return new CodecError({ code: "codec/bad-format", format: "hex", found: hex.slice(0, 80) });
}
