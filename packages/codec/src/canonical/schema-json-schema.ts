import type { Fields, IntSchema, RecordSchema, Schema, TextSchema, UnionSchema } from "./schema.ts";
import { DECIMAL, LEI } from "./text.ts";

/** A schema object of JSON Schema 2020-12, as OpenAPI 3.1 takes it too. */
export type JsonSchema = { [keyword: string]: unknown };

export type JsonSchemaOptions = {
  title?: string;
  description?: string;
  /** `output` describes what `toJson` writes, `input` also what `fromJson` takes besides. */
  direction?: "input" | "output";
  /** Where the definitions of recursive schemas will lie in the whole document. */
  definitionsAt?: string;
};

type Context = {
  direction: "input" | "output";
  definitionsAt: string;
  /** By the schema that a `lazy` leads to: each is written once, and referred to by name. */
  names: Map<Schema, string>;
  definitions: Map<string, JsonSchema>;
};

const INT_PATTERN = "^(0|-?[1-9][0-9]{0,18})$";
const BASE64_PATTERN = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$";
/** UTF-8 takes up to so many bytes for a character, and JSON Schema counts characters. */
const BYTES_PER_CHARACTER_MAX = 4;

/**
 * The JSON form of a schema's values, for documentation and for checks at a door. It refuses nothing
 * that `fromJson` takes; `fromJson` is stricter where JSON Schema has no words, as with the length of
 * text in bytes. Definitions of recursive schemas stand in `$defs`.
 */
export function jsonSchemaOf(schema: Schema, options: JsonSchemaOptions = {}): JsonSchema {
  const { title, description, direction = "input", definitionsAt = "#/$defs" } = options;
  const context: Context = { direction, definitionsAt, names: new Map(), definitions: new Map() };
  const described = describe(schema, context);
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...described,
    ...(context.definitions.size === 0 ? {} : { $defs: Object.fromEntries(context.definitions) }),
  };
}

function describe(schema: Schema, context: Context): JsonSchema {
  switch (schema.kind) {
    case "bool":
      return { type: "boolean" };
    case "uint":
      return { type: "integer", minimum: schema.min, maximum: schema.max };
    case "int":
      return describeInt(schema, context);
    case "text":
      return describeText(schema);
    case "choice":
      return { type: "string", enum: [...schema.values] };
    case "bytes":
      return {
        type: "string",
        contentEncoding: "base64",
        pattern: BASE64_PATTERN,
        minLength: base64Length(schema.min),
        maxLength: base64Length(schema.max),
      };
    case "hex":
      return {
        type: "string",
        pattern: "^[0-9a-f]*$",
        minLength: 2 * schema.min,
        maxLength: 2 * schema.max,
      };
    case "list": {
      const items = describe(schema.item, context);
      return { type: "array", items, minItems: schema.min, maxItems: schema.max };
    }
    case "record":
      return describeRecord(schema, context);
    case "union":
      return describeUnion(schema, context);
    case "lazy":
      return describeLazy(schema.of(), context);
  }
}

function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

function describeInt({ min, max }: IntSchema, { direction }: Context): JsonSchema {
  const asText = {
    type: "string",
    pattern: INT_PATTERN,
    description: `A whole number from ${min} to ${max}, as decimal text.`,
    examples: [String(min > 1050n || max < 1050n ? min : 1050n)],
  };
  if (direction === "output") return asText;
  const [safeMin, safeMax] = [BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER)];
  // A range beyond what a JSON number holds exactly is left to the text form.
  if (min > safeMax || max < safeMin) return asText;
  const minimum = Number(min > safeMin ? min : safeMin);
  const maximum = Number(max < safeMax ? max : safeMax);
  return { anyOf: [asText, { type: "integer", minimum, maximum }] };
}

function describeText({ min, max, format }: TextSchema): JsonSchema {
  const lengths = { minLength: Math.ceil(min / BYTES_PER_CHARACTER_MAX), maxLength: max };
  switch (format) {
    case "date":
      return { type: "string", format: "date", examples: ["2026-01-31"] };
    case "decimal":
      return { type: "string", ...lengths, pattern: DECIMAL.source, examples: ["19.5"] };
    case "lei":
      return { type: "string", pattern: LEI.source, examples: ["5493001KJTIIGC8Y1R12"] };
    default:
      return { type: "string", ...lengths };
  }
}

function describeRecord(schema: RecordSchema, context: Context): JsonSchema {
  return {
    type: "object",
    properties: describeFields(schema.fields, context),
    required: requiredOf(schema.fields),
    additionalProperties: false,
  };
}

function describeUnion(schema: UnionSchema, context: Context): JsonSchema {
  const oneOf = Object.entries(schema.variants).map(([kind, { fields }]) => ({
    title: kind,
    type: "object",
    properties: { kind: { const: kind }, ...describeFields(fields, context) },
    required: ["kind", ...requiredOf(fields)],
    additionalProperties: false,
  }));
  return { oneOf };
}

function describeFields(fields: Fields, context: Context): { [name: string]: JsonSchema } {
  const entries = Object.entries(fields).map(([name, field]): [string, JsonSchema] => [
    name,
    describe(field.kind === "optional" ? field.of : field, context),
  ]);
  return Object.fromEntries(entries);
}

function requiredOf(fields: Fields): string[] {
  return Object.entries(fields)
    .filter(([, field]) => field.kind !== "optional")
    .map(([name]) => name);
}

function describeLazy(target: Schema, context: Context): JsonSchema {
  const known = context.names.get(target);
  const name = known ?? `recursive${context.names.size + 1}`;
  if (known === undefined) {
    context.names.set(target, name);
    context.definitions.set(name, describe(target, context));
  }
  return { $ref: `${context.definitionsAt}/${name}` };
}
