import fc from "fast-check";
import { expect, test } from "vitest";
import { schemaAndValue } from "../../test/schema-arbitrary.ts";
import { CodecError } from "../codec-error.ts";
import { lazy, list, type Schema, uint } from "./schema.ts";
import { decode, encode } from "./schema-codec.ts";
import { type SchemaData, schemaDataSchema, schemaFromData, schemaToData } from "./schema-data.ts";

test("a schema that went through its data form encodes every value to the same bytes", () => {
  fc.assert(
    fc.property(schemaAndValue(), ({ schema, value }) => {
      const data = schemaToData(schema);
      const received = decode(schemaDataSchema, encode(schemaDataSchema, data as never));
      const rebuilt = schemaFromData(received as SchemaData);
      expect(encode(rebuilt, value)).toEqual(encode(schema, value));
      expect(schemaToData(rebuilt)).toEqual(data);
    }),
    { numRuns: 150 },
  );
});

const bool = { kind: "bool" } as const;
const field = (name: string) => ({ name, optional: false, schema: bool });
const recordOf = (...names: string[]): SchemaData => ({ kind: "record", fields: names.map(field) });
const unionOf = (...names: string[]): SchemaData => ({
  kind: "union",
  variants: names.map((name) => ({ name, fields: [] })),
});

const PLAIN = ["constructorX", "a", "x-1"];

test("plain names are taken", () => {
  expect(schemaFromData(recordOf(...PLAIN)).kind).toBe("record");
  expect(schemaFromData(unionOf(...PLAIN, "kind")).kind).toBe("union");
  expect(schemaFromData({ kind: "choice", values: ["constructor", "AB", "30/360"] })).toBeDefined();
});

test.each<[string, SchemaData, CodecError["code"]]>([
  ["__proto__", recordOf("__proto__"), "codec/bad-format"],
  ["constructor", recordOf("constructor"), "codec/bad-format"],
  ["toString", recordOf("a", "toString"), "codec/bad-format"],
  ["hasOwnProperty as a variant", unionOf("hasOwnProperty"), "codec/bad-format"],
  ["__proto__ as a variant", unionOf("__proto__"), "codec/bad-format"],
  ["a capital first", recordOf("Name"), "codec/bad-format"],
  ["a dot", recordOf("a.b"), "codec/bad-format"],
  ["a letter beyond ASCII", recordOf("é"), "codec/bad-format"],
  ["a line break behind the name", recordOf("a\n"), "codec/bad-format"],
  ["a field twice", recordOf("a", "b", "a"), "codec/duplicate-field"],
  ["a variant twice", unionOf("a", "a"), "codec/duplicate-field"],
  ["an empty range of numbers", { kind: "uint", min: 2, max: 1 }, "codec/out-of-range"],
  ["an empty range of bigints", { kind: "int", min: 2n, max: 1n }, "codec/out-of-range"],
  ["an empty range of lengths", { kind: "text", min: 2, max: 1 }, "codec/out-of-range"],
  [
    "an empty range of list lengths",
    { kind: "list", item: bool, min: 2, max: 1 },
    "codec/out-of-range",
  ],
  [
    "a variant's field that would hide which variant it is",
    { kind: "union", variants: [{ name: "a", fields: [field("kind")] }] },
    "codec/bad-format",
  ],
  ["a choice twice", { kind: "choice", values: ["a", "a"] }, "codec/duplicate-field"],
  ["a choice beyond ASCII", { kind: "choice", values: ["u", "ŵ"] }, "codec/bad-format"],
])("%s is refused, at any depth", (_, data, code) => {
  const received = decode(schemaDataSchema, encode(schemaDataSchema, data as never)) as SchemaData;
  const inner: SchemaData = {
    kind: "record",
    fields: [
      { name: "x", optional: true, schema: { kind: "list", item: received, min: 0, max: 1 } },
    ],
  };
  for (const hostile of [received, inner]) expect(codeOf(() => schemaFromData(hostile))).toBe(code);
});

test("a recursive schema has no data form", () => {
  const schema: Schema = list(
    lazy((): Schema => schema),
    { max: 1 },
  );
  expect(codeOf(() => schemaToData(schema))).toBe("codec/wrong-type");
});

test("a stranger's schema cannot nest deeper than the decoder goes", () => {
  const flat = encode(schemaDataSchema, schemaToData(uint()) as never);
  const list = encode(schemaDataSchema, { kind: "list", item: bool, min: 0, max: 1 });
  const prefix = list.subarray(0, list.length - encode(schemaDataSchema, bool).length);
  const nest = (depth: number) =>
    Uint8Array.of(...Array.from({ length: depth }, () => [...prefix]).flat(), ...flat);
  expect(codeOf(() => decode(schemaDataSchema, nest(15)))).toBeUndefined();
  expect(codeOf(() => decode(schemaDataSchema, nest(40)))).toBe("codec/too-deep");
});

test("a stranger's widest schema reads no further than the bytes", () => {
  const widest = schemaFromData({
    kind: "list",
    item: { kind: "bytes", min: 0, max: Number.MAX_SAFE_INTEGER },
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  const claimed = Uint8Array.of(0x9b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  expect(codeOf(() => decode(widest, claimed))).toBe("codec/truncated");
  const claimedBytes = Uint8Array.of(0x81, 0x5b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  expect(codeOf(() => decode(widest, claimedBytes))).toBe("codec/truncated");
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    throw error;
  }
  return undefined;
}
