import { fromHex } from "@stateset/codec";

/**
 * Arrays in PostgreSQL's binary form, one for each column of a batch: neither side has to write or
 * parse text. What `undefined` stands for is null.
 */
export function arrayOf(type: ElementType, values: readonly unknown[]): Buffer {
  const { oid, encode } = ELEMENTS[type];
  if (values.length === 0) return header(oid, 0, false);
  let length = HEADER_BYTES;
  const elements = values.map((value) => {
    const bytes = value === undefined ? undefined : encode(value as never);
    length += 4 + (bytes?.length ?? 0);
    return bytes;
  });
  const buffer = Buffer.allocUnsafe(length);
  header(oid, values.length, elements.includes(undefined)).copy(buffer);
  let offset = HEADER_BYTES;
  for (const bytes of elements) {
    offset = buffer.writeInt32BE(bytes?.length ?? -1, offset);
    if (bytes === undefined) continue;
    buffer.set(bytes, offset);
    offset += bytes.length;
  }
  return buffer;
}

export type ElementType = keyof typeof ELEMENTS;

const HEADER_BYTES = 20;
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const NUL = /\0/g;

/** The object ids are fixed in PostgreSQL's catalogue. */
const ELEMENTS = {
  bool: { oid: 16, encode: (value: boolean) => Buffer.from([value ? 1 : 0]) },
  bytea: { oid: 17, encode: (value: Uint8Array) => value },
  /** Bytes that are hexadecimal text in memory. */
  hex: { oid: 17, encode: (value: string) => fromHex(value) },
  int8: { oid: 20, encode: (value: bigint) => int8(value) },
  int4: { oid: 23, encode: (value: number) => int4(value) },
  /** PostgreSQL's text has no U+0000, and a flow's words must not keep it from being stored. */
  text: { oid: 25, encode: (value: string) => Buffer.from(value.replace(NUL, "\ufffd")) },
  date: {
    oid: 1082,
    encode: (value: string) => int4((Date.parse(value) - EPOCH_MS) / DAY_MS),
  },
  /** Milliseconds since 1970. */
  timestamptz: { oid: 1184, encode: (value: number) => int8(BigInt(value - EPOCH_MS) * 1000n) },
  uuid: { oid: 2950, encode: (value: string) => fromHex(value.replaceAll("-", "")) },
  /** A version number, then text. */
  jsonb: {
    oid: 3802,
    encode: (value: unknown) => Buffer.from(`\u0001${JSON.stringify(value)}`),
  },
};

function header(oid: number, count: number, hasNull: boolean): Buffer {
  const buffer = Buffer.alloc(count === 0 ? 12 : HEADER_BYTES);
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  if (count === 0) return buffer;
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

function int4(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int8(value: bigint): Buffer {
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeBigInt64BE(value);
  return buffer;
}
