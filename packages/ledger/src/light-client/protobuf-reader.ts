/** Bytes that are not the one encoding of any message that a proof is made of. */
export class ProtobufError extends Error {}

/** Numbers up to 2^49 − 1: more than any size, height or version here. */
const VARINT_BYTES_MAX = 7;

export type Fields = {
  /** A field of a varint; zero where it is left out. */
  uint(number: number): number;
  /** Bytes or one message, `undefined` where it is left out. */
  bytes(number: number): Uint8Array | undefined;
  /** A repeated field of messages. */
  list(number: number): Uint8Array[];
};

type FieldKind = "uint" | "bytes" | "list";

/**
 * The fields of a message, each known by its number and kind. Protobuf has many encodings of one
 * message, and libraries skip what they do not know; here there is one, the one that Go writes:
 * numbers ascending, nothing unknown, no defaults written out, integers in the shortest form. So a
 * proof has one form, and no byte of it can change unnoticed.
 */
export function readMessage(
  message: Uint8Array,
  kinds: Readonly<Record<number, FieldKind>>,
  listMax = 0,
): Fields {
  const uints = new Map<number, number>();
  const lists = new Map<number, Uint8Array[]>();
  let offset = 0;
  let last = 0;
  while (offset < message.length) {
    const tag = readVarint(message, offset);
    const number = tag.value >>> 3;
    const kind = kinds[number];
    if (kind === undefined) throw new ProtobufError(`field ${number} is unknown`);
    if (number < last || (number === last && kind !== "list"))
      throw new ProtobufError(`field ${number} stands in the wrong place`);
    if ((tag.value & 7) !== (kind === "uint" ? 0 : 2))
      throw new ProtobufError(`field ${number} is of another type`);
    const read = readVarint(message, tag.end);
    if (read.value === 0) throw new ProtobufError(`field ${number} is written out though empty`);
    last = number;
    offset = read.end;
    if (kind === "uint") uints.set(number, read.value);
    else {
      offset += read.value;
      if (offset > message.length) throw new ProtobufError("the bytes end inside a field");
      append(lists, number, message.subarray(read.end, offset));
      if (kind === "list" && (lists.get(number)?.length ?? 0) > listMax)
        throw new ProtobufError(`field ${number} stands more than ${listMax} times`);
    }
  }
  return {
    uint: (number) => uints.get(number) ?? 0,
    bytes: (number) => lists.get(number)?.[0],
    list: (number) => lists.get(number) ?? [],
  };
}

/** An unsigned integer in its shortest form, and where it ends. */
export function readVarint(bytes: Uint8Array, offset: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < VARINT_BYTES_MAX; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) throw new ProtobufError("the bytes end inside an integer");
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte > 0x7f) continue;
    if (byte === 0 && i > 0) throw new ProtobufError("an integer is longer than it needs to be");
    return { value, end: offset + i + 1 };
  }
  throw new ProtobufError("an integer is too large");
}

function append(lists: Map<number, Uint8Array[]>, number: number, value: Uint8Array): void {
  const list = lists.get(number);
  if (list === undefined) lists.set(number, [value]);
  else list.push(value);
}
