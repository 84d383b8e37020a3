import { CodecError } from "../codec-error.ts";
import {
  bool,
  choice,
  type Fields,
  type Infer,
  int,
  lazy,
  list,
  type OptionalSchema,
  optional,
  type RecordSchema,
  record,
  type Schema,
  type TextFormat,
  text,
  uint,
  union,
  type Variants,
} from "./schema.ts";

const FIELDS_MAX = 64;
const NAME_BYTES_MAX = 64;
const CHOICES_MAX = 512;
const NAME = /^[a-z][A-Za-z0-9-]*$/;
/** Printable ASCII: a choice is compared and written without regard to Unicode. */
const CHOICE = /^[ -~]+$/;

type FieldData = { name: string; optional: boolean; schema: SchemaData };
type VariantData = { name: string; fields: FieldData[] };

/** A schema as canonical data: what a bundle carries for each of its states and commands. */
export type SchemaData =
  | { kind: "bool" }
  | { kind: "uint"; min: number; max: number }
  | { kind: "int"; min: bigint; max: bigint }
  | { kind: "text"; min: number; max: number; format?: TextFormat }
  | { kind: "choice"; values: string[] }
  | { kind: "bytes"; min: number; max: number }
  | { kind: "hex"; min: number; max: number }
  | { kind: "list"; item: SchemaData; min: number; max: number }
  | { kind: "record"; fields: FieldData[] }
  | { kind: "union"; variants: VariantData[] };

const nested = lazy<SchemaData>((): Schema => schemaDataSchema);
const name = text({ min: 1, max: NAME_BYTES_MAX });
const range = { min: uint(), max: uint() };
const fields = list(record({ name, optional: bool(), schema: nested }), { max: FIELDS_MAX });

export const schemaDataSchema = union({
  bool: record({}),
  uint: record(range),
  int: record({ min: int(), max: int() }),
  text: record({ ...range, format: optional(choice("date", "decimal", "lei")) }),
  choice: record({ values: list(name, { min: 1, max: CHOICES_MAX }) }),
  bytes: record(range),
  hex: record(range),
  list: record({ item: nested, ...range }),
  record: record({ fields }),
  union: record({ variants: list(record({ name, fields }), { min: 1, max: FIELDS_MAX }) }),
});

export function schemaToData(schema: Schema): SchemaData {
  switch (schema.kind) {
    case "lazy":
      throw new CodecError({ code: "codec/wrong-type", expected: "plain schema", found: "lazy" });
    case "list":
      return { kind: "list", item: schemaToData(schema.item), min: schema.min, max: schema.max };
    case "record":
      return { kind: "record", fields: fieldsToData(schema.fields) };
    case "union":
      return {
        kind: "union",
        variants: Object.entries(schema.variants).map(([variant, { fields }]) => ({
          name: variant,
          fields: fieldsToData(fields),
        })),
      };
    case "choice":
      return { kind: "choice", values: [...schema.values] };
    case "hex":
      return { kind: "hex", min: schema.min, max: schema.max };
    default:
      return { ...schema };
  }
}

/**
 * The schema that data describes. The data may come from a stranger's bundle.
 * @throws CodecError where names repeat or are not plain, or a range is empty
 */
export function schemaFromData(data: SchemaData): Schema {
  if ("min" in data && data.min > data.max)
    throw new CodecError({
      code: "codec/out-of-range",
      found: String(data.min),
      min: "0",
      max: String(data.max),
    });
  switch (data.kind) {
    case "list":
      return { kind: "list", item: schemaFromData(data.item), min: data.min, max: data.max };
    case "record":
      return recordFromData(data.fields);
    case "union": {
      assertNames(data.variants.map((variant) => variant.name));
      const variants: Record<string, RecordSchema> = {};
      for (const variant of data.variants) {
        // In memory the variant's own name stands in `kind`.
        if (variant.fields.some((field) => field.name === "kind")) throw badName("kind");
        variants[variant.name] = recordFromData(variant.fields);
      }
      return union(variants as Variants);
    }
    case "choice":
      assertDistinct(data.values);
      for (const value of data.values) if (!CHOICE.test(value)) throw badName(value);
      return data;
    default:
      return data;
  }
}

function fieldsToData(fields: Fields): FieldData[] {
  return Object.entries(fields).map(([field, schema]) =>
    schema.kind === "optional"
      ? { name: field, optional: true, schema: schemaToData(schema.of) }
      : { name: field, optional: false, schema: schemaToData(schema) },
  );
}

function recordFromData(data: readonly FieldData[]): RecordSchema {
  assertNames(data.map((field) => field.name));
  const fields: Record<string, Schema | OptionalSchema> = {};
  for (const field of data) {
    const schema = schemaFromData(field.schema);
    fields[field.name] = field.optional ? optional(schema) : schema;
  }
  return record(fields);
}

function assertNames(names: readonly string[]): void {
  // "constructor" is plain, and must still not become a key with a meaning of its own.
  for (const candidate of names)
    if (!NAME.test(candidate) || candidate in Object.prototype) throw badName(candidate);
  assertDistinct(names);
}

function assertDistinct(names: readonly string[]): void {
  for (const [i, candidate] of names.entries())
    if (names.indexOf(candidate) !== i)
      throw new CodecError({ code: "codec/duplicate-field", field: candidate });
}

function badName(found: string): CodecError {
  return new CodecError({ code: "codec/bad-format", format: "name", found });
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
true satisfies Same<Infer<typeof schemaDataSchema>["kind"], SchemaData["kind"]>;
