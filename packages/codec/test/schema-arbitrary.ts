import fc, { type Arbitrary } from "fast-check";
import { toHex } from "../src/canonical/hex.ts";
import {
  bool,
  bytes,
  choice,
  date,
  decimal,
  type Fields,
  hex,
  INT64_MAX,
  INT64_MIN,
  int,
  lei,
  list,
  optional,
  type RecordSchema,
  record,
  type Schema,
  type TextFormat,
  text,
  uint,
  union,
  type Variants,
} from "../src/canonical/schema.ts";
import { isAssigned } from "../src/canonical/unicode-repertoire.ts";

/** A schema, and a value that it admits. */
export type Pair = { schema: Schema; value: never };

const SCHEMA_DEPTH_MAX = 4;
const LIST_LENGTH_MAX = 5;

/** Every kind of schema, with a value of each. */
export function schemaAndValue(): Arbitrary<Pair> {
  return schemas(SCHEMA_DEPTH_MAX).chain((schema) =>
    valuesOf(schema).map((value) => ({ schema, value: value as never })),
  );
}

/** Names that the schemas of strangers may use, of lengths that tell length order from byte order. */
const names = fc.stringMatching(/^[a-z][A-Za-z0-9-]{0,24}$/).filter((name) => isPlain(name));

function isPlain(name: string): boolean {
  return !(name in Object.prototype) && name !== "kind";
}

function schemas(depth: number): Arbitrary<Schema> {
  const plain = fc.oneof(
    fc.constant(bool()),
    ranges(fc.maxSafeNat()).map(([min, max]) => uint({ min, max })),
    ranges(fc.bigInt(INT64_MIN, INT64_MAX)).map(([min, max]) => int({ min, max })),
    fc.constantFrom(text({ max: 400 }), text({ min: 1, max: 400 }), date(), decimal(), lei()),
    fc.uniqueArray(names, { minLength: 1, maxLength: 4 }).map((values) => choice(...values)),
    fc.constantFrom(bytes({ max: 300 }), bytes({ min: 1, max: 24 })),
    fc.constantFrom(hex({ max: 300 }), hex({ length: 32 })),
  );
  if (depth === 0) return plain;
  const nested = schemas(depth - 1);
  const lists = nested.map((item) => list(item, { max: LIST_LENGTH_MAX }));
  const records = recordSchemas(nested);
  const unions = fc
    .uniqueArray(fc.tuple(names, records), { selector: ([n]) => n, minLength: 1, maxLength: 3 })
    .map((variants) => union(Object.fromEntries(variants) as Variants));
  return fc.oneof({ arbitrary: plain, weight: 3 }, lists, records, unions);
}

function recordSchemas(nested: Arbitrary<Schema>): Arbitrary<RecordSchema> {
  const field = fc.tuple(
    names,
    fc
      .tuple(nested, fc.boolean())
      .map(([schema, isOptional]) => (isOptional ? optional(schema) : schema)),
  );
  return fc
    .uniqueArray(field, { selector: ([name]) => name, maxLength: 5 })
    .map((fields) => record(Object.fromEntries(fields) as Fields));
}

/** Two of the values, the smaller first. */
function ranges<T extends number | bigint>(of: Arbitrary<T>): Arbitrary<[T, T]> {
  return fc.tuple(of, of).map(([a, b]) => (a <= b ? [a, b] : [b, a]));
}

function valuesOf(schema: Schema): Arbitrary<unknown> {
  switch (schema.kind) {
    case "bool":
      return fc.boolean();
    case "uint":
      return fc.oneof(
        fc.constantFrom(schema.min, schema.max),
        fc.integer({ min: schema.min, max: schema.max }),
      );
    case "int":
      return fc.oneof(
        fc.constantFrom(schema.min, schema.max),
        fc.bigInt({ min: schema.min, max: schema.max }),
      );
    case "text":
      return textsOf(schema.format, schema.min);
    case "choice":
      return fc.constantFrom(...schema.values);
    case "bytes":
      return byteArrays(schema.min, schema.max);
    case "hex":
      return byteArrays(schema.min, schema.max).map(toHex);
    case "list":
      return fc.array(valuesOf(schema.item), { maxLength: LIST_LENGTH_MAX });
    case "record":
      return fieldValues(schema.fields);
    case "union":
      return fc.oneof(
        ...Object.entries(schema.variants).map(([kind, { fields }]) =>
          fieldValues(fields).map((values) => ({ kind, ...values })),
        ),
      );
    case "lazy":
      return valuesOf(schema.of());
  }
}

function fieldValues(fields: Fields): Arbitrary<object> {
  const arbitraries = Object.entries(fields).map(([name, field]) =>
    field.kind === "optional"
      ? fc.option(valuesOf(field.of), { nil: undefined }).map((value) => [name, value])
      : valuesOf(field).map((value) => [name, value]),
  );
  return fc
    .tuple(...arbitraries)
    .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
}

function byteArrays(min: number, max: number): Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: min, maxLength: Math.min(max, 40) });
}

const calendarDays = fc
  .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.stringMatching(/^[0-9]{0,6}[1-9]$/))
  .map(([whole, fraction]) => `${whole}.${fraction}`);

/** 18 characters, and the check digits that make the whole 1 modulo 97. */
const leis = fc.stringMatching(/^[0-9A-Z]{18}$/).map((body) => {
  const digits = [...body].map((character) => Number.parseInt(character, 36)).join("");
  return body + String(98n - (BigInt(`${digits}00`) % 97n)).padStart(2, "0");
});

function textsOf(format: TextFormat | undefined, min: number): Arbitrary<string> {
  if (format === "date") return calendarDays;
  if (format === "decimal") return decimals;
  if (format === "lei") return leis;
  return fc
    .oneof(
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({ unit: "grapheme-ascii", minLength: 60, maxLength: 70 }),
    )
    .map((value) => [...value].filter((each) => isAssigned(each.codePointAt(0) ?? 0)).join(""))
    .map((value) => value.normalize("NFC"))
    .filter((value) => value.length >= min && Buffer.byteLength(value) <= 400);
}
