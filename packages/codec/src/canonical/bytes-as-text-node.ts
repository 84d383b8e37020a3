import { toAsciiText as joinedText } from "./bytes-as-text.ts";

/** Up to here characters are put together one by one; beyond, each would be a node of a rope. */
const JOINED_MAX = 12;
const SHORT_BYTES_MAX = 64;
/** Most bytes are hashes, keys and names; a Buffer over each would cost several times its text. */
const short = Buffer.alloc(SHORT_BYTES_MAX);

/** Node's own, which makes one flat string. */
export function toHexText(bytes: Uint8Array, start: number, end: number): string {
  return textOf(bytes, { start, end, as: "hex" });
}

export function toAsciiText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= JOINED_MAX) return joinedText(bytes, start, end);
  return textOf(bytes, { start, end, as: "latin1" });
}

function textOf(
  bytes: Uint8Array,
  { start, end, as }: { start: number; end: number; as: "hex" | "latin1" },
): string {
  const length = end - start;
  if (length > SHORT_BYTES_MAX)
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString(as);
  for (let i = 0; i < length; i++) short[i] = bytes[start + i] as number;
  return short.toString(as, 0, length);
}
