import { fromHex, INT64_MAX, schemaToData } from "@stateset/codec";
import { CODEC_SCHEMAS, type CodecSchemaName } from "./codec-schemas.ts";

type Row = [name: string, schema: CodecSchemaName | "schemaData", value: unknown];

const INTEGERS = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32];

function nested(depth: number): unknown[] {
  return depth === 1 ? [] : [nested(depth - 1)];
}

/** Values whose one encoding the vectors give. */
export const VALUES: Row[] = [
  ["false", "bool", false],
  ["true", "bool", true],
  ...INTEGERS.map((value): Row => [`uint ${value}`, "uint", value]),
  ["the largest uint", "uint", Number.MAX_SAFE_INTEGER],
  ["the smallest admitted", "uint-10-1000", 10],
  ["the largest admitted", "uint-10-1000", 1000],
  ...INTEGERS.map((value): Row => [`int ${-value - 1}`, "int", BigInt(-value - 1)]),
  ["2^53, which is no float", "int", 2n ** 53n],
  ["the largest int", "int", INT64_MAX],
  ["the smallest int", "int", -INT64_MAX - 1n],
  ["no text", "text", ""],
  ["23 characters", "text", "a".repeat(23)],
  ["24 characters", "text", "a".repeat(24)],
  ["64 characters", "text", "a".repeat(64)],
  ["65 characters", "text", "a".repeat(65)],
  ["256 characters", "text", "a".repeat(256)],
  ["control characters", "text", "\u0000\t\n\u007f"],
  ["two-byte characters", "text", "Zürich"],
  ["three-byte characters", "text", "東京"],
  ["a character beyond the 16-bit plane", "text", "\u{1f9fe}"],
  ["a byte order mark stays", "text", "\ufeffa"],
  ["a combining mark that no character takes up", "text", "x\u0301"],
  ["two marks in canonical order", "text", "x\u0323\u0301"],
  ["the same mark twice", "text", "x\u0301\u0301"],
  ["a composed Hangul syllable", "text", "\ud55c"],
  ["a composition exclusion, taken apart", "text", "\u0915\u093c"],
  ["four bytes that are two characters", "text-2-4", "éé"],
  ["a leap day", "date", "2024-02-29"],
  ["a leap day of a 400th year", "date", "2000-02-29"],
  ["the first date", "date", "0001-01-01"],
  ["the last date", "date", "9999-12-31"],
  ...["0", "1", "-1", "10", "0.5", "-0.5", "120.05", "0.000001"].map(
    (value): Row => [`decimal ${value}`, "decimal", value],
  ),
  ["a legal entity identifier", "lei", "54930084UKLVMY22DS16"],
  ["a choice", "colour", "green"],
  ["no bytes", "bytes-0-4", new Uint8Array()],
  ["four bytes", "bytes-0-4", fromHex("00ff10fe")],
  ["256 bytes", "bytes", Uint8Array.from({ length: 256 }, (_, i) => i)],
  ["bytes that are hex in memory", "hex-4", "00c0ffee"],
  ["no hex", "hex", ""],
  ["a list", "list-1-3", [1, 256, 3]],
  ["24 items", "list", Array.from({ length: 24 }, (_, i) => i % 2 === 0)],
  ["fields in the order of the wire", "order", { ccc: 1, b: 2, aa: 3, a: 4, Z: 5, "a-": 6 }],
  ["an optional field present", "person", { name: "Ada", age: 36, note: "first" }],
  ["an optional field absent", "person", { name: "Ada", age: 36 }],
  ["all optional fields absent", "gaps", { b: 1, d: 2 }],
  ["all optional fields present", "gaps", { a: 0, b: 1, c: 2, d: 3 }],
  ["a record without fields", "empty", {}],
  ["a variant without fields", "shape", { kind: "point" }],
  ["a variant with a field", "shape", { kind: "circle", radius: 5 }],
  ["a variant with an optional field", "shape", { kind: "square", side: 2, filled: true }],
  ["the deepest nesting admitted", "nest", nested(32)],
  ["a schema as data", "schemaData", schemaToData(CODEC_SCHEMAS.shape)],
  ["a schema with every limit as data", "schemaData", schemaToData(CODEC_SCHEMAS["list-1-3"])],
  ["an int schema as data", "schemaData", schemaToData(CODEC_SCHEMAS.int)],
  ["a choice schema as data", "schemaData", schemaToData(CODEC_SCHEMAS.colour)],
  ["a date schema as data", "schemaData", schemaToData(CODEC_SCHEMAS.date)],
];

type RefusedRow = [name: string, schema: CodecSchemaName, value: unknown, code: string];

/** Values that their schema does not admit, so that no encoding of them exists. */
export const REFUSED_VALUES: RefusedRow[] = [
  ["a text for a number", "uint", "1", "codec/wrong-type"],
  ["a number for a text", "text", 1, "codec/wrong-type"],
  ["a text for a bool", "bool", "true", "codec/wrong-type"],
  ["a record for a list", "list", {}, "codec/wrong-type"],
  ["a list for a record", "person", [], "codec/wrong-type"],
  ["null for a record", "person", null, "codec/wrong-type"],
  ["a negative uint", "uint", -1, "codec/out-of-range"],
  ["beyond the exact numbers", "uint", 2 ** 53, "codec/out-of-range"],
  ["below the smallest", "uint-10-1000", 9, "codec/out-of-range"],
  ["above the largest", "uint-10-1000", 1001, "codec/out-of-range"],
  ["above 64 bits", "int", 2n ** 63n, "codec/out-of-range"],
  ["below 64 bits", "int", -(2n ** 63n) - 1n, "codec/out-of-range"],
  ["a negative amount", "int-not-negative", -1n, "codec/out-of-range"],
  ["text too short", "text-2-4", "a", "codec/bad-length"],
  ["text too long in bytes, not in characters", "text-2-4", "ééé", "codec/bad-length"],
  ["text not in NFC", "text", "e\u0301", "codec/not-nfc"],
  ["a day that does not exist", "date", "2023-02-29", "codec/bad-format"],
  ["a decimal with a trailing zero", "decimal", "1.0", "codec/bad-format"],
  [
    "a legal entity identifier with a wrong check digit",
    "lei",
    "54930084UKLVMY22DS17",
    "codec/bad-format",
  ],
  ["not a choice", "colour", "grey", "codec/not-listed"],
  ["too many bytes", "bytes-0-4", new Uint8Array(5), "codec/bad-length"],
  ["too little hex", "hex-4", "00c0ff", "codec/bad-length"],
  ["upper-case hex", "hex-4", "00C0FFEE", "codec/bad-format"],
  ["too few items", "list-1-3", [], "codec/bad-length"],
  ["too many items", "list-1-3", [1, 2, 3, 4], "codec/bad-length"],
  ["a wrong item", "list-1-3", [1, -2], "codec/out-of-range"],
  ["a field too many", "person", { name: "Ada", age: 36, born: 1815 }, "codec/unknown-field"],
  ["a field too few", "person", { name: "Ada" }, "codec/missing-field"],
  ["no such variant", "shape", { kind: "cube" }, "codec/unknown-variant"],
  ["a field of another variant", "shape", { kind: "point", side: 1 }, "codec/unknown-field"],
  ["a variant without its field", "shape", { kind: "square" }, "codec/missing-field"],
];
