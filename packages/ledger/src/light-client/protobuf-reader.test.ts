import { fromHex, type Hex } from "@stateset/codec";
import { expect, test } from "vitest";
import { ProtobufError, readMessage, readVarint } from "./protobuf-reader.ts";
import { bytesField, joinBytes, messageField, varint, varintField } from "./protobuf-writer.ts";

const KINDS = { 1: "uint", 2: "bytes", 4: "list" } as const;
const item = fromHex("2a" as Hex);

test("what is written is read", () => {
  const message = joinBytes(
    varintField(1, 300),
    bytesField(2, item),
    messageField(4, item),
    messageField(4, item),
  );
  const fields = readMessage(message, KINDS, 2);
  expect([fields.uint(1), fields.bytes(2), fields.list(4)]).toEqual([300, item, [item, item]]);
});

test("fields that are left out are zero, absent and empty", () => {
  const fields = readMessage(new Uint8Array(), KINDS, 2);
  expect([fields.uint(1), fields.bytes(2), fields.list(4)]).toEqual([0, undefined, []]);
});

test.each<[string, string]>([
  ["an unknown field", "1801"],
  ["field zero", "0001"],
  ["a default written out", "0800"],
  ["empty bytes written out", "1200"],
  ["fields in reverse", "12012a0801"],
  ["a field twice", "08010802"],
  ["bytes twice", "12012a12012a"],
  ["a list longer than its bound", "22012a22012a22012a"],
  ["an integer as bytes", "0a012a"],
  ["bytes as an integer", "1001"],
  ["a fixed integer", "090100000000000000"],
  ["a group", "0b0c"],
  ["a tag in too many bytes", "880001"],
  ["an integer in too many bytes", "088100"],
  ["a length in too many bytes", "1281002a"],
  ["bytes that end early", "12022a"],
  ["a length beyond all bounds", "12ffffffffffff7f2a"],
  ["no value", "08"],
  ["an integer that ends early", "0880"],
  ["an integer of eight bytes", "08808080808080808001"],
  ["a field number beyond 32 bits", "90808080800101"],
])("%s is refused", (_, message) => {
  expect(() => readMessage(fromHex(message as Hex), KINDS, 2)).toThrow(ProtobufError);
});

test.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 49 - 1])("%d", (value) => {
  const written = varint(value);
  expect(readVarint(written, 0)).toEqual({ value, end: written.length });
});
