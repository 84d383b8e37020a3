import * as dagCbor from "@ipld/dag-cbor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Pair, schemaAndValue } from "../../test/schema-arbitrary.ts";
import { CodecError } from "../codec-error.ts";
import { fromHex, toHex } from "./hex.ts";
import {
  bool,
  bytes,
  INT64_MAX,
  INT64_MIN,
  int,
  lazy,
  list,
  optional,
  record,
  type Schema,
  text,
  uint,
  union,
} from "./schema.ts";
import { decode, encode } from "./schema-codec.ts";

const RUNS = { numRuns: 300 };

test("what is encoded is decoded to the same value, and encodes to the same bytes again", () => {
  fc.assert(
    fc.property(schemaAndValue(), ({ schema, value }) => {
      const encoded = encode(schema, value);
      const decoded = decode(schema, encoded);
      expect(decoded).toEqual(value);
      expect(toHex(encode(schema, decoded as never))).toBe(toHex(encoded));
    }),
    RUNS,
  );
});

test("the bytes are those of the dag-cbor library", () => {
  fc.assert(
    fc.property(schemaAndValue(), ({ schema, value }) => {
      const theirs = dagCbor.encode(asDagCbor(schema, value));
      expect(toHex(encode(schema, value))).toBe(toHex(theirs));
    }),
    RUNS,
  );
});

const edit = fc.record({
  at: fc.nat(),
  how: fc.oneof(
    fc.record({ kind: fc.constant("set" as const), to: fc.nat(255) }),
    fc.record({ kind: fc.constant("flip" as const), to: fc.nat(7).map((bit) => 1 << bit) }),
    fc.record({ kind: fc.constant("insert" as const), to: fc.nat(255) }),
    fc.record({ kind: fc.constant("remove" as const), to: fc.constant(0) }),
  ),
});

test("no edit of one byte gives a second encoding of a value", () => {
  fc.assert(
    fc.property(schemaAndValue(), fc.array(edit, { minLength: 20 }), ({ schema, value }, edits) => {
      const encoded = encode(schema, value);
      for (const { at, how } of edits) {
        const edited = [...encoded];
        const index = at % encoded.length;
        if (how.kind === "set") edited[index] = how.to;
        else if (how.kind === "flip") edited[index] = (edited[index] as number) ^ how.to;
        else if (how.kind === "insert") edited.splice(index, 0, how.to);
        else edited.splice(index, 1);
        expectCanonicalOrRefused({ schema, value }, Uint8Array.from(edited));
      }
    }),
    RUNS,
  );
});

test("arbitrary bytes are refused with a CodecError or are canonical", () => {
  fc.assert(
    fc.property(schemaAndValue(), fc.uint8Array({ maxLength: 40 }), (pair, random) => {
      expectCanonicalOrRefused(pair, random);
    }),
    RUNS,
  );
});

test.each<[string, Schema, unknown, string]>([
  ["0", uint(), 0, "00"],
  ["23", uint(), 23, "17"],
  ["24", uint(), 24, "1818"],
  ["255", uint(), 255, "18ff"],
  ["256", uint(), 256, "190100"],
  ["65535", uint(), 65_535, "19ffff"],
  ["65536", uint(), 65_536, "1a00010000"],
  ["2^32 − 1", uint(), 2 ** 32 - 1, "1affffffff"],
  ["2^32", uint(), 2 ** 32, "1b0000000100000000"],
  ["2^53 − 1", uint(), Number.MAX_SAFE_INTEGER, "1b001fffffffffffff"],
  ["2^53", int(), 2n ** 53n, "1b0020000000000000"],
  ["2^63 − 1", int(), INT64_MAX, "1b7fffffffffffffff"],
  ["−1", int(), -1n, "20"],
  ["−24", int(), -24n, "37"],
  ["−25", int(), -25n, "3818"],
  ["−2^32", int(), -(2n ** 32n), "3affffffff"],
  ["−2^32 − 1", int(), -(2n ** 32n) - 1n, "3b0000000100000000"],
  ["−2^63", int(), INT64_MIN, "3b7fffffffffffffff"],
])("the integer %s", (_, schema, value, expected) => {
  expect(toHex(encode(schema, value as never))).toBe(expected);
  expect(decode(schema, fromHex(expected))).toBe(value);
});

test("minus zero is written as zero", () => {
  expect(decode(uint(), encode(uint(), -0))).toBe(0);
});

test("fields stand in the order of their lengths, then of their bytes", () => {
  const schema = record({
    bb: bool(),
    aaa: bool(),
    b: bool(),
    aa: bool(),
    "a-": bool(),
    aB: bool(),
  });
  const value = { bb: true, aaa: true, b: true, aa: true, "a-": true, aB: true };
  const names = ["b", "a-", "aB", "aa", "bb", "aaa"];
  const fields = names.map((name) => `${(0x60 + name.length).toString(16)}${ascii(name)}f5`);
  expect(toHex(encode(schema, value))).toBe(`a6${fields.join("")}`);
});

test("an absent optional field and one that is undefined give the same bytes", () => {
  const schema = record({ a: optional(uint()) });
  expect(encode(schema, { a: undefined } as never)).toEqual(encode(schema, {}));
  expect(decode(schema, encode(schema, {}))).toEqual({});
});

type Nest = { kind: "leaf" } | { kind: "inner"; of: Nest };
const nestSchema = union({
  leaf: record({}),
  inner: record({ of: lazy<Nest>((): Schema => nestSchema) }),
});

test("containers nest 32 deep and no deeper", () => {
  const nest = (levels: number): Nest =>
    levels === 1 ? { kind: "leaf" } : { kind: "inner", of: nest(levels - 1) };
  const deepest = encode(nestSchema, nest(16) as never);
  expect(encode(nestSchema, decode(nestSchema, deepest))).toEqual(deepest);
  expect(() => encode(nestSchema, nest(17) as never)).toThrow(/codec\/too-deep/);
  const prefix = `a165${ascii("inner")}a162${ascii("of")}`;
  expect(toHex(deepest).startsWith(prefix)).toBe(true);
  const tooDeep = fromHex(prefix + toHex(deepest));
  expect(() => decode(nestSchema, tooDeep)).toThrow(/codec\/too-deep/);
});

test("siblings do not count as depth", () => {
  const schema = list(list(uint(), { max: 1 }), { max: 100 });
  const value = Array.from({ length: 100 }, () => [1]);
  expect(decode(schema, encode(schema, value))).toEqual(value);
});

test("decoded bytes are a copy, whatever array they came in", () => {
  const received = Buffer.from(encode(bytes({ max: 4 }), Uint8Array.of(1, 2, 3)));
  const decoded = decode(bytes({ max: 4 }), received);
  received.fill(0);
  expect(decoded).toEqual(Uint8Array.of(1, 2, 3));
});

test("a refused value leaves nothing behind in the writer", () => {
  const schema = list(text({ max: 8 }), { max: 2 });
  expect(() => encode(schema, ["a", 1 as never])).toThrow(CodecError);
  expect(toHex(encode(schema, []))).toBe("80");
});

function expectCanonicalOrRefused({ schema }: Pair, candidate: Uint8Array): void {
  let decoded: unknown;
  try {
    decoded = decode(schema, candidate);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return;
  }
  expect(toHex(encode(schema, decoded as never))).toBe(toHex(candidate));
}

function ascii(value: string): string {
  return toHex(new TextEncoder().encode(value));
}

/** The value as the library takes it: variants as maps of one entry, hexadecimal text as bytes. */
function asDagCbor(schema: Schema, value: unknown): unknown {
  switch (schema.kind) {
    case "hex":
      return fromHex(value as string);
    case "list":
      return (value as unknown[]).map((item) => asDagCbor(schema.item, item));
    case "record":
      return Object.fromEntries(
        Object.entries(value as object).map(([name, field]) => {
          const of = schema.fields[name] as Schema | { kind: "optional"; of: Schema };
          return [name, asDagCbor(of.kind === "optional" ? of.of : of, field)];
        }),
      );
    case "union": {
      const { kind, ...fields } = value as { kind: string };
      return { [kind]: asDagCbor(schema.variants[kind] as Schema, fields) };
    }
    default:
      return value;
  }
}
