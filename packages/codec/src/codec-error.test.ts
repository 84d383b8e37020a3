import { expect, test } from "vitest";
import { fromHex } from "./canonical/hex.ts";
import {
  bool,
  bytes,
  choice,
  date,
  hex,
  INT64_MAX,
  int,
  list,
  optional,
  record,
  type Schema,
  text,
  uint,
  union,
} from "./canonical/schema.ts";
import { decode, encode } from "./canonical/schema-codec.ts";
import { CodecError, type CodecFault } from "./codec-error.ts";

const documentSchema = record({
  a: uint({ max: 100 }),
  b: text({ min: 1, max: 8 }),
  c: optional(bytes({ max: 4 })),
  aa: list(bool(), { max: 2 }),
  bb: union({ on: record({ at: int() }), off: record({}) }),
});
const document = { a: 24, b: "ok", c: Uint8Array.of(7), aa: [true], bb: { kind: "on", at: -1n } };

/** {"a": 24, "b": "ok", "c": h'07', "aa": [true], "bb": {"on": {"at": -1}}} */
const VALID = "a561611818616262 6f6b616341076261 6181f5626262a1626f6ea162617420".replaceAll(
  " ",
  "",
);

test("the fixture is canonical", () => {
  expect(decode(documentSchema, fromHex(VALID))).toEqual(document);
  expect(encode(documentSchema, document as never)).toEqual(fromHex(VALID));
});

type Expected = Partial<CodecFault> & { code: CodecFault["code"] };

/** Each row replaces one part of the fixture's bytes. */
test.each<[string, string, string, Expected]>([
  ["nothing", VALID, "", { code: "codec/truncated", offset: 0 }],
  ["a cut head", "a162617420", "a16261741b0000", { code: "codec/truncated", offset: 33 }],
  ["a cut text", VALID, "a5616118186162636f6b", { code: "codec/truncated", offset: 10 }],
  ["a byte behind the end", "617420", "61742000", { code: "codec/trailing-bytes", offset: 31 }],
  ["24 in two bytes", "1818", "190018", { code: "codec/non-minimal-integer", offset: 3 }],
  ["24 in four bytes", "1818", "1a00000018", { code: "codec/non-minimal-integer", offset: 3 }],
  ["24 in eight", "1818", "1b0000000000000018", { code: "codec/non-minimal-integer", offset: 3 }],
  ["23 behind a head of two", "1818", "1817", { code: "codec/non-minimal-integer", offset: 3 }],
  ["a length in two bytes", "4107", "580107", { code: "codec/non-minimal-integer" }],
  ["a count in two bytes", "a561", "b80561", { code: "codec/non-minimal-integer", offset: 0 }],
  ["an indefinite map", "a561", "bf61", { code: "codec/indefinite-length", offset: 0 }],
  ["an indefinite list", "81f5", "9ff5ff", { code: "codec/indefinite-length" }],
  ["an indefinite text", "626f6b", "7f626f6bff", { code: "codec/indefinite-length" }],
  ["indefinite bytes", "4107", "5f4107ff", { code: "codec/indefinite-length" }],
  ["a reserved head", "1818", "1c18", { code: "codec/indefinite-length", offset: 3 }],
  ["half a float", "1818", "f94e00", { code: "codec/forbidden-item", item: "float" }],
  ["a float", "1818", "fa41c00000", { code: "codec/forbidden-item", item: "float" }],
  ["a double", "1818", "fb4038000000000000", { code: "codec/forbidden-item", item: "float" }],
  ["a tag", "1818", "c21818", { code: "codec/forbidden-item", item: "tag", offset: 3 }],
  ["a link", "4107", "d82a4107", { code: "codec/forbidden-item", item: "tag" }],
  ["null", "1818", "f6", { code: "codec/forbidden-item", item: "null" }],
  ["undefined", "4107", "f7", { code: "codec/forbidden-item", item: "undefined" }],
  ["a simple value", "f5", "e0", { code: "codec/forbidden-item", item: "simple" }],
  ["true in two bytes", "f5", "f815", { code: "codec/forbidden-item", item: "simple" }],
  ["a break", "f5", "ff", { code: "codec/forbidden-item", item: "simple" }],
  ["text for a number", "1818", "6161", { code: "codec/wrong-type", found: "text" }],
  ["a number for text", "626f6b", "02", { code: "codec/wrong-type", expected: "text" }],
  ["bytes for text", "626f6b", "426f6b", { code: "codec/wrong-type", found: "bytes" }],
  ["a bool for a number", "1818", "f5", { code: "codec/wrong-type", found: "bool" }],
  ["a list for a map", VALID, "80", { code: "codec/wrong-type", expected: "map" }],
  ["a number as a name", "6161", "01", { code: "codec/wrong-type", found: "unsigned" }],
  ["another name", "626262", "626263", { code: "codec/unknown-field", field: "bc" }],
  ["one name too many", "a561", "a661", { code: "codec/truncated" }],
  ["a name of the prototype", "6161", "6b636f6e7374727563746f72", { code: "codec/unknown-field" }],
  ["a field less", "a5616118", "a4616118", { code: "codec/missing-field", field: "bb" }],
  ["a field left out", "61611818", "", { code: "codec/missing-field", field: "a" }],
  ["a field twice", "6162626f6b", "61611818", { code: "codec/duplicate-field", field: "a" }],
  ["the longer name first", "62616181f5", "6163410762616181f5", { code: "codec/duplicate-field" }],
  ["an earlier name later", "626262", "6162", { code: "codec/unsorted-fields", field: "b" }],
  ["an unknown variant", "626f6e", "626f6f", { code: "codec/unknown-variant", variant: "oo" }],
  ["no variant", "a1626f6e", "a0626f6e", { code: "codec/bad-length", what: "union", found: 0 }],
  ["two variants", "a1626f6e", "a2626f6e", { code: "codec/bad-length", what: "union", found: 2 }],
  ["a lone continuation byte", "626f6b", "626f80", { code: "codec/invalid-utf8", offset: 8 }],
  ["an overlong slash", "626f6b", "62c0af", { code: "codec/invalid-utf8" }],
  ["a surrogate in UTF-8", "626f6b", "63eda080", { code: "codec/invalid-utf8" }],
  ["beyond U+10FFFF", "626f6b", "64f4908080", { code: "codec/invalid-utf8" }],
  ["half a character", "626f6b", "62e282", { code: "codec/invalid-utf8" }],
  ["e and a combining acute", "626f6b", "6365cc81", { code: "codec/not-nfc", found: "e\u0301" }],
  ["the sign for ångström", "626f6b", "63e284ab", { code: "codec/not-nfc", found: "\u212b" }],
  ["101 of 100", "1818", "1865", { code: "codec/out-of-range", found: "101", max: "100" }],
  ["−1 for an unsigned", "1818", "20", { code: "codec/out-of-range", found: "-1", min: "0" }],
  ["2^64 − 1", "617420", "61741bffffffffffffffff", { code: "codec/out-of-range" }],
  ["2^63", "617420", "61741b8000000000000000", { code: "codec/out-of-range" }],
  ["−2^63 − 1", "617420", "61743b8000000000000000", { code: "codec/out-of-range" }],
  ["text too short", "626f6b", "60", { code: "codec/bad-length", what: "text", found: 0 }],
  ["text too long", "626f6b", "69616161616161616161", { code: "codec/bad-length", found: 9 }],
  ["bytes too long", "4107", "450707070707", { code: "codec/bad-length", what: "bytes", max: 4 }],
  ["bytes of 2^62", "4107", "5b4000000000000000", { code: "codec/bad-length", what: "bytes" }],
  ["a list too long", "81f5", "83f5f5f5", { code: "codec/bad-length", what: "list", found: 3 }],
])("decoding refuses %s", (_, part, replacement, expected) => {
  expect(VALID).toContain(part);
  const malformed = VALID.replace(part, replacement);
  expect(faultOf(() => decode(documentSchema, fromHex(malformed)))).toMatchObject(expected);
});

/** Each row replaces one field of the fixture's value. */
test.each<[string, object, Expected]>([
  ["a fraction", { a: 0.5 }, { code: "codec/out-of-range" }],
  ["not a number", { a: Number.NaN }, { code: "codec/out-of-range" }],
  ["101 of 100", { a: 101 }, { code: "codec/out-of-range", found: "101" }],
  ["a bigint for a number", { a: 1n }, { code: "codec/wrong-type", found: "bigint" }],
  ["a number for a bigint", { bb: { kind: "on", at: 1 } }, { code: "codec/wrong-type" }],
  ["2^63", { bb: { kind: "on", at: INT64_MAX + 1n } }, { code: "codec/out-of-range" }],
  ["null", { b: null }, { code: "codec/wrong-type", found: "null" }],
  ["a lone surrogate", { b: "\ud800" }, { code: "codec/not-well-formed", found: "\ud800" }],
  ["text not in NFC", { b: "e\u0301" }, { code: "codec/not-nfc" }],
  ["9 bytes in 3 characters", { b: "€€€" }, { code: "codec/bad-length", found: 9 }],
  ["an array for bytes", { c: [7] }, { code: "codec/wrong-type", expected: "Uint8Array" }],
  ["an object for a list", { aa: { length: 1 } }, { code: "codec/wrong-type", expected: "list" }],
  ["a gap in a list", { aa: new Array(1) }, { code: "codec/wrong-type", found: "undefined" }],
  ["a list for a record", { bb: [] }, { code: "codec/wrong-type", expected: "record" }],
  ["an unknown field", { z: 1 }, { code: "codec/unknown-field", field: "z" }],
  [
    "an unknown field of a variant",
    { bb: { kind: "off", at: 1n } },
    { code: "codec/unknown-field" },
  ],
  ["no required field", { a: undefined }, { code: "codec/missing-field", field: "a" }],
  ["no variant", { bb: {} }, { code: "codec/unknown-variant", variant: "undefined" }],
  ["a variant of the prototype", { bb: { kind: "toString" } }, { code: "codec/unknown-variant" }],
])("encoding refuses %s", (_, change, expected) => {
  const value = { ...document, ...change };
  expect(faultOf(() => encode(documentSchema, value as never))).toMatchObject(expected);
});

test.each<[string, Schema, unknown, Expected]>([
  ["a value not listed", choice("on", "off"), "of", { code: "codec/not-listed", found: "of" }],
  ["an odd digit", hex({ min: 0, max: 4 }), "abc", { code: "codec/bad-format", format: "hex" }],
  ["capital digits", hex({ length: 1 }), "AB", { code: "codec/bad-format", format: "hex" }],
  ["hexadecimal of another length", hex({ length: 2 }), "ab", { code: "codec/bad-length" }],
  ["a day that does not exist", date(), "2023-02-29", { code: "codec/bad-format" }],
])("encoding refuses %s", (_, schema, value, expected) => {
  expect(faultOf(() => encode(schema, value as never))).toMatchObject(expected);
});

test("the path leads from the root to the fault", () => {
  const schema = record({ lines: list(record({ unit: text({ max: 3 }) }), { max: 9 }) });
  const attempt = () => encode(schema, { lines: [{ unit: "kg" }, { unit: "litre" }] });
  expect(attempt).toThrow(/^codec\/bad-length at lines\.1\.unit: .*"found":5/);
});

function faultOf(run: () => unknown): CodecFault {
  try {
    run();
  } catch (error) {
    if (error instanceof CodecError) return error.fault;
    throw error;
  }
  throw new Error("nothing was refused");
}
