import { expect, test } from "vitest";
import {
  bool,
  bytes,
  choice,
  date,
  decimal,
  hex,
  int,
  lazy,
  lei,
  list,
  optional,
  record,
  type Schema,
  text,
  uint,
  union,
} from "./schema.ts";
import { fromJson } from "./schema-json.ts";
import { type JsonSchema, jsonSchemaOf } from "./schema-json-schema.ts";

test("every kind of schema is described with its limits", () => {
  const schema = record({
    flag: bool(),
    count: uint({ min: 1, max: 9 }),
    name: text({ min: 5, max: 64 }),
    currency: choice("CHF", "EUR"),
    proof: optional(bytes({ min: 1, max: 32 })),
    id: hex({ length: 32 }),
    tags: list(text({ max: 3 }), { max: 2 }),
    way: union({ now: record({}), later: record({ days: uint({ max: 30 }) }) }),
  });
  expect(jsonSchemaOf(schema, { title: "Payment" })).toEqual({
    title: "Payment",
    type: "object",
    properties: {
      flag: { type: "boolean" },
      count: { type: "integer", minimum: 1, maximum: 9 },
      name: { type: "string", minLength: 2, maxLength: 64 },
      currency: { type: "string", enum: ["CHF", "EUR"] },
      proof: {
        type: "string",
        contentEncoding: "base64",
        pattern: expect.any(String),
        minLength: 4,
        maxLength: 44,
      },
      id: { type: "string", pattern: "^[0-9a-f]*$", minLength: 64, maxLength: 64 },
      tags: { type: "array", items: expect.anything(), minItems: 0, maxItems: 2 },
      way: {
        oneOf: [
          {
            title: "now",
            type: "object",
            properties: { kind: { const: "now" } },
            required: ["kind"],
            additionalProperties: false,
          },
          {
            title: "later",
            type: "object",
            properties: {
              kind: { const: "later" },
              days: { type: "integer", minimum: 0, maximum: 30 },
            },
            required: ["kind", "days"],
            additionalProperties: false,
          },
        ],
      },
    },
    required: ["flag", "count", "name", "currency", "id", "tags", "way"],
    additionalProperties: false,
  });
});

test("an integer goes out as text, and comes in as a number too", () => {
  const schema = int({ min: 0n });
  expect(jsonSchemaOf(schema, { direction: "output" })).toMatchObject({ type: "string" });
  expect(jsonSchemaOf(schema)).toMatchObject({
    anyOf: [{ type: "string" }, { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }],
  });
  const beyond = jsonSchemaOf(int({ min: 2n ** 60n }));
  expect(beyond).toMatchObject({ type: "string", examples: [String(2n ** 60n)] });
});

test.each<[string, Schema]>([
  ["date", date()],
  ["decimal", decimal()],
  ["lei", lei()],
  ["int", int()],
  ["small int", int({ max: 5n })],
])("the example of a %s is one", (_, schema) => {
  const { examples, pattern } = jsonSchemaOf(schema, { direction: "output" }) as JsonSchema & {
    examples: string[];
    pattern?: string;
  };
  for (const example of examples) {
    expect(() => fromJson(schema, example)).not.toThrow();
    if (pattern !== undefined) expect(example).toMatch(new RegExp(pattern, "u"));
  }
});

const tree: Schema = record({
  label: text({ max: 9 }),
  children: list(
    lazy(() => tree),
    { max: 9 },
  ),
});

test("a recursive schema refers to itself, wherever its definition will lie", () => {
  const self = { $ref: "#/$defs/recursive1" };
  const described = jsonSchemaOf(tree) as { $defs: { recursive1: JsonSchema } };
  expect(described).toMatchObject({ properties: { children: { items: self } } });
  expect(described.$defs.recursive1).toMatchObject({ properties: { children: { items: self } } });
  const definitionsAt = "#/components/schemas/tree/$defs";
  expect(jsonSchemaOf(tree, { definitionsAt })).toMatchObject({
    properties: { children: { items: { $ref: `${definitionsAt}/recursive1` } } },
  });
});
