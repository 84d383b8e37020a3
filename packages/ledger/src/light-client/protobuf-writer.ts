/**
 * What CometBFT hashes and signs, as its Go code encodes it (protobuf, proto3): fields in the order
 * of their numbers, those with the default value left out. Enough of it for headers and votes.
 */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;

export function varintField(number: number, value: number | bigint): Uint8Array {
  if (BigInt(value) === 0n) return new Uint8Array();
  return joinBytes(tag(number, VARINT), varint(value));
}

export function sfixed64Field(number: number, value: number | bigint): Uint8Array {
  if (BigInt(value) === 0n) return new Uint8Array();
  const field = new Uint8Array(9);
  field.set(tag(number, FIXED_64));
  new DataView(field.buffer).setBigInt64(1, BigInt(value), true);
  return field;
}

/** Bytes, or text as UTF-8; left out where there are none. */
export function bytesField(number: number, value: Uint8Array): Uint8Array {
  return value.length === 0 ? value : messageField(number, value);
}

/** A message, there even when nothing is in it. */
export function messageField(number: number, ...fields: Uint8Array[]): Uint8Array {
  return joinBytes(tag(number, LENGTH_DELIMITED), delimited(...fields));
}

/** A message behind its length. */
export function delimited(...fields: Uint8Array[]): Uint8Array {
  const message = joinBytes(...fields);
  return joinBytes(varint(message.length), message);
}

/** Seven bits to a byte, the lowest first. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.of(...bytes, Number(rest));
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function tag(number: number, wireType: number): Uint8Array {
  return Uint8Array.of((number << 3) | wireType);
}
