const POOL_BYTES = 16_384;
/** Up to here an array of its own lies within the engine's heap; and large ones would waste pools. */
const [POOLED_MIN, POOLED_MAX] = [65, POOL_BYTES / 4];

let pool = new ArrayBuffer(POOL_BYTES);
let used = 0;

/**
 * A copy of bytes, several to one `ArrayBuffer`: an encoding has some hundred bytes, and a buffer
 * for each would cost ten times the copy. So its `buffer` is shared, and not to be transferred.
 */
export function pooledCopy(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  const copy = room(end - start);
  if (start === 0 && end === bytes.length) copy.set(bytes);
  else copy.set(bytes.subarray(start, end));
  return copy;
}

const textEncoder = new TextEncoder();
const utf8Scratch = new Uint8Array(POOLED_MAX);

/** Text as UTF-8, lone surrogates as U+FFFD. */
export function utf8(text: string): Uint8Array {
  // Up to three bytes for each code unit.
  if (text.length * 3 > utf8Scratch.length) return textEncoder.encode(text);
  const { written } = textEncoder.encodeInto(text, utf8Scratch);
  return pooledCopy(utf8Scratch, 0, written);
}

function room(length: number): Uint8Array {
  if (length < POOLED_MIN || length > POOLED_MAX) return new Uint8Array(length);
  if (used + length > POOL_BYTES) {
    pool = new ArrayBuffer(POOL_BYTES);
    used = 0;
  }
  const bytes = new Uint8Array(pool, used, length);
  used += (length + 7) & ~7; // copying is fastest from where words begin
  return bytes;
}
