import { fromHex } from "@stateset/codec";
import { BinaryWriter } from "./binary-writer.ts";

/**
 * Arrays in PostgreSQL's binary form, one for each column of a batch: neither side has to write or
 * parse text. What `undefined` stands for is null.
 */
export function arrayOf(type: ElementType, values: readonly unknown[]): Buffer {
  const { oid, write } = ELEMENTS[type];
  try {
    writeHeader(oid, values);
    for (const value of values) {
      writer.int4(NULL_LENGTH);
      if (value === undefined) continue;
      const start = writer.length;
      write(value as never);
      writer.setInt4(writer.length - start, start - 4);
    }
  } catch (error) {
    writer.take();
    throw error;
  }
  return writer.take();
}

export type ElementType = keyof typeof ELEMENTS;

/** An array is made at a time. */
const writer = new BinaryWriter();
const NULL_LENGTH = -1;
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const NUL = /\0/g;

/** The object ids are fixed in PostgreSQL's catalogue. */
const ELEMENTS = {
  bool: { oid: 16, write: (value: boolean) => writer.bool(value) },
  bytea: { oid: 17, write: (value: Uint8Array) => writer.bytes(value) },
  /** Bytes that are hexadecimal text in memory. */
  hex: { oid: 17, write: (value: string) => writer.bytes(fromHex(value)) },
  int8: { oid: 20, write: (value: bigint) => writer.int8(value) },
  int4: { oid: 23, write: (value: number) => writer.int4(value) },
  /** PostgreSQL's text has no U+0000, and a flow's words must not keep it from being stored. */
  text: { oid: 25, write: (value: string) => writer.text(value.replace(NUL, "\ufffd")) },
  date: {
    oid: 1082,
    write: (value: string) => writer.int4((Date.parse(value) - EPOCH_MS) / DAY_MS),
  },
  /** Milliseconds since 1970. */
  timestamptz: {
    oid: 1184,
    write: (value: number) => writer.int8(BigInt(value - EPOCH_MS) * 1000n),
  },
  uuid: { oid: 2950, write: (value: string) => writer.bytes(fromHex(value.replaceAll("-", ""))) },
  /** A version number, then text. */
  jsonb: {
    oid: 3802,
    write: (value: unknown) => writer.text(`\u0001${JSON.stringify(value)}`),
  },
};

function writeHeader(oid: number, values: readonly unknown[]): void {
  writer.int4(values.length === 0 ? 0 : 1); // dimensions
  writer.int4(values.includes(undefined) ? 1 : 0);
  writer.int4(oid);
  if (values.length === 0) return;
  writer.int4(values.length);
  writer.int4(1); // the index of the first
}
