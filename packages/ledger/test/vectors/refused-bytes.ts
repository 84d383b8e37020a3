import type { CodecSchemaName } from "./codec-schemas.ts";

type Row = [name: string, schema: CodecSchemaName, bytes: string, code: string];

const MINIMAL = "codec/non-minimal-integer";
const INDEFINITE = "codec/indefinite-length";
const FORBIDDEN = "codec/forbidden-item";
const TYPE = "codec/wrong-type";
const UTF8 = "codec/invalid-utf8";
const NFC = "codec/not-nfc";
const LENGTH = "codec/bad-length";
const RANGE = "codec/out-of-range";
const FORMAT = "codec/bad-format";
const TRUNCATED = "codec/truncated";

/** One head in a longer form than it needs; every major type has a row. */
const NON_MINIMAL: Row[] = [
  ["0 in one byte more", "uint", "1800", MINIMAL],
  ["23 in one byte more", "uint", "1817", MINIMAL],
  ["255 in two bytes", "uint", "1900ff", MINIMAL],
  ["65535 in four bytes", "uint", "1a0000ffff", MINIMAL],
  ["2^32 - 1 in eight bytes", "uint", "1b00000000ffffffff", MINIMAL],
  ["-1 in one byte more", "int", "3800", MINIMAL],
  ["-256 in two bytes", "int", "3900ff", MINIMAL],
  ["a byte string's length", "bytes", "5800", MINIMAL],
  ["a text's length", "text", "780161", MINIMAL],
  ["a list's length", "list", "9801f4", MINIMAL],
  ["a map's length", "empty", "b800", MINIMAL],
  ["a field name's length", "shape", "a17805706f696e74a0", MINIMAL],
];

const INDEFINITE_LENGTHS: Row[] = [
  ["bytes in pieces", "bytes", "5f4100ff", INDEFINITE],
  ["text in pieces", "text", "7f6161ff", INDEFINITE],
  ["a list with a break", "list", "9ff4ff", INDEFINITE],
  ["a map with a break", "empty", "bfff", INDEFINITE],
  ["an integer with the reserved 28", "uint", "1c", INDEFINITE],
  ["an integer with the reserved 29", "uint", "1d", INDEFINITE],
  ["an integer with the reserved 30", "uint", "1e", INDEFINITE],
  ["an integer of indefinite length", "uint", "1f", INDEFINITE],
];

const FORBIDDEN_ITEMS: Row[] = [
  ["a half float", "uint", "f90000", FORBIDDEN],
  ["a single float", "uint", "fa3f800000", FORBIDDEN],
  ["a double float", "int", "fb3ff0000000000000", FORBIDDEN],
  ["2^53 as a double float", "uint", "fb4340000000000000", FORBIDDEN],
  ["a float in a list", "list-1-3", "81f93c00", FORBIDDEN],
  ["a tagged text", "text", "c06161", FORBIDDEN],
  ["a big number", "int", "c24101", FORBIDDEN],
  ["a link (tag 42)", "bytes", "d82a4100", FORBIDDEN],
  ["null", "text", "f6", FORBIDDEN],
  [
    "null for an optional field",
    "person",
    "a3636167651824646e616d6563416461646e6f7465f6",
    FORBIDDEN,
  ],
  ["undefined", "text", "f7", FORBIDDEN],
  ["a simple value", "bool", "f0", FORBIDDEN],
  ["a simple value in two bytes", "bool", "f820", FORBIDDEN],
  ["false in two bytes", "bool", "f814", FORBIDDEN],
  ["a break without a beginning", "uint", "ff", FORBIDDEN],
];

const WRONG_TYPES: Row[] = [
  ["a bool for a number", "uint", "f5", TYPE],
  ["a number for a bool", "bool", "01", TYPE],
  ["bytes for text", "text", "4161", TYPE],
  ["text for bytes", "bytes", "6161", TYPE],
  ["a map for a list", "list", "a0", TYPE],
  ["a list for a record", "empty", "80", TYPE],
  ["a number for a field name", "person", "a20000", TYPE],
  ["a text for a variant", "shape", "65706f696e74", TYPE],
];

// person on the wire: age, name, note; gaps: a? b c? d.
const FIELDS: Row[] = [
  ["a field twice", "person", "a36361676500636167650063616765", "codec/duplicate-field"],
  ["an optional field too late", "gaps", "a3616200616100616400", "codec/unsorted-fields"],
  ["a field back by two", "gaps", "a4616200616300616200616400", "codec/unsorted-fields"],
  // Where a required field is skipped, the gap is met before the field that comes too late.
  ["required fields swapped", "person", "a2646e616d65634164616361676500", "codec/missing-field"],
  ["required fields by alphabet, not length", "order", "a161610461610361", "codec/missing-field"],
  ["no fields at all", "person", "a0", "codec/missing-field"],
  ["the last required field missing", "gaps", "a1616200", "codec/missing-field"],
  ["a field too many in front", "empty", "a1616100", "codec/unknown-field"],
  ["a field too many behind", "gaps", "a3616200616400617a00", "codec/unknown-field"],
  ["a field name in capitals", "gaps", "a2614200616400", "codec/unknown-field"],
  ["no such variant", "shape", "a16463756265a0", "codec/unknown-variant"],
  ["a variant of two", "shape", "a265706f696e74a066636972636c65a0", LENGTH],
  ["a variant of none", "shape", "a0", LENGTH],
  ["a field of another variant", "shape", "a165706f696e74a1647369646501", "codec/unknown-field"],
];

const TEXTS: Row[] = [
  ["a byte that begins nothing", "text", "61ff", UTF8],
  ["a continuation without a beginning", "text", "6180", UTF8],
  ["a beginning without a continuation", "text", "61c3", UTF8],
  ["an overlong slash", "text", "62c0af", UTF8],
  ["an overlong zero", "text", "63e08080", UTF8],
  ["beyond the last character", "text", "64f4908080", UTF8],
  ["a lone high surrogate", "text", "63eda080", UTF8],
  ["a lone low surrogate", "text", "63edbfbf", UTF8],
  ["a surrogate pair (CESU-8)", "text", "66eda0bdedb880", UTF8],
  ["an invalid byte behind 64 good ones", "text", `7841${"61".repeat(64)}ff`, UTF8],
  ["invalid bytes in a field name", "empty", "a161ff00", UTF8],
  ["a character of no version", "text", "62cdb8", "codec/unassigned-character"],
  ["a character of Unicode 17", "text", "63e28381", "codec/unassigned-character"],
  ["a noncharacter", "text", "63efbfbe", "codec/unassigned-character"],
  ["e and an acute accent", "text", "6365cc81", NFC],
  ["the Angstrom sign", "text", "63e284ab", NFC],
  ["marks in the wrong order", "text", "6578cc81cca3", NFC],
  ["é and a dot below, which belongs first", "text", "64c3a9cca3", NFC],
  ["a composition exclusion", "text", "63e0a598", NFC],
  ["a compatibility ideograph", "text", "63efa480", NFC],
  ["conjoining Hangul", "text", "66e18492e185a1", NFC],
  ["a Hangul syllable and a final", "text", "66ed9598e186ab", NFC],
  ["a mark on the first of two characters", "text", "6465cc8178", NFC],
];

const LIMITS: Row[] = [
  ["below the smallest", "uint-10-1000", "09", RANGE],
  ["above the largest", "uint-10-1000", "1903e9", RANGE],
  ["negative where none is", "uint", "20", RANGE],
  ["2^53", "uint", "1b0020000000000000", RANGE],
  ["2^63", "int", "1b8000000000000000", RANGE],
  ["-2^63 - 1", "int", "3b8000000000000000", RANGE],
  ["-2^64", "int", "3bffffffffffffffff", RANGE],
  ["a negative amount", "int-not-negative", "20", RANGE],
  ["not a choice", "colour", "6467726579", "codec/not-listed"],
  ["a choice in capitals", "colour", "63526564", "codec/not-listed"],
  ["longer than every choice", "colour", "66707572706c65", LENGTH],
  ["text too short", "text-2-4", "6161", LENGTH],
  ["text too long in bytes, not in characters", "text-2-4", "66c3a9c3a9c3a9", LENGTH],
  ["too many bytes", "bytes-0-4", "450000000000", LENGTH],
  ["too few bytes", "hex-4", "43000000", LENGTH],
  ["too few items", "list-1-3", "80", LENGTH],
  ["too many items", "list-1-3", "8401020304", LENGTH],
  ["a length of 2^64 - 1", "bytes", "5bffffffffffffffff", LENGTH],
  ["a day that does not exist", "date", "6a323032332d30322d3239", FORMAT],
  ["a month that does not exist", "date", "6a323032342d31332d3031", FORMAT],
  ["the year 0", "date", "6a303030302d30312d3031", FORMAT],
  ["a date with slashes", "date", "6a323032342f30312f3031", FORMAT],
  ["a decimal with a trailing zero", "decimal", "63312e30", FORMAT],
  ["a decimal with a leading zero", "decimal", "623031", FORMAT],
  ["a decimal without a digit before the point", "decimal", "622e35", FORMAT],
  ["a decimal that ends with its point", "decimal", "62312e", FORMAT],
  ["minus zero", "decimal", "622d30", FORMAT],
  ["a decimal with a plus", "decimal", "622b31", FORMAT],
  ["a decimal with an exponent", "decimal", "63316532", FORMAT],
  ["wrong check digits", "lei", "743534393330303834554b4c564d59323244533137", FORMAT],
  ["an identifier in small letters", "lei", "743534393330303834756b6c766d79323264733136", FORMAT],
  ["a letter for a check digit", "lei", "743534393330303834554b4c564d59323244533141", FORMAT],
  ["33 lists in one another", "nest", `${"81".repeat(32)}80`, "codec/too-deep"],
];

const ENDS: Row[] = [
  ["nothing", "uint", "", TRUNCATED],
  ["an integer without its bytes", "uint", "19ff", TRUNCATED],
  ["an integer of eight bytes without them", "uint", "1b00000001000000", TRUNCATED],
  ["bytes that end early", "bytes", "4200", TRUNCATED],
  ["a text that ends early", "text", "6261", TRUNCATED],
  ["a list that ends early", "list", "82f4", TRUNCATED],
  ["a record that ends early", "person", "a263616765", TRUNCATED],
  ["a variant that ends early", "shape", "a165706f696e74", TRUNCATED],
  ["a byte behind a number", "uint", "0000", "codec/trailing-bytes"],
  ["an item behind a record", "empty", "a0a0", "codec/trailing-bytes"],
  ["a break behind a list", "list", "80ff", "codec/trailing-bytes"],
];

/** Bytes that stand for no value of the schema, with the code of the first fault met. */
export const REFUSED_BYTES: Row[] = [
  ...NON_MINIMAL,
  ...INDEFINITE_LENGTHS,
  ...FORBIDDEN_ITEMS,
  ...WRONG_TYPES,
  ...FIELDS,
  ...TEXTS,
  ...LIMITS,
  ...ENDS,
];
