import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** The fields of a message for which nothing is generated: numbers and bytes, by field number. */
export type ProtobufFields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** @throws Error where the bytes are no protobuf message, or hold more than `max` fields */
export function readFields(bytes: Uint8Array, max: number): ProtobufFields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  for (let count = 0; reader.pos < reader.len; count++) {
    if (count >= max) throw new Error(`more than ${max} fields`);
    const [number, type] = reader.tag();
    const values = fields.get(number) ?? [];
    fields.set(number, values);
    if (type === WireType.Varint) values.push(BigInt(reader.uint64()));
    else if (type === WireType.LengthDelimited) values.push(reader.bytes());
    else reader.skip(type, number);
  }
  return fields;
}

export function bytesField(fields: ProtobufFields, number: number): Uint8Array | undefined {
  return fields.get(number)?.findLast((value) => value instanceof Uint8Array);
}

/** Absent is 0, as in proto3. */
export function numberField(fields: ProtobufFields, number: number): bigint {
  return fields.get(number)?.findLast((value) => typeof value === "bigint") ?? 0n;
}
