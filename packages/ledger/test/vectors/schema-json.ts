import type { Schema } from "@stateset/codec";

type Fields = Extract<Schema, { kind: "record" }>["fields"];
type SchemaJson = { kind: string; [fact: string]: unknown };

/**
 * A schema in the data form that bundles carry, with two differences: limits of an int are decimal
 * text, and a schema with a name of its own is a `ref` to it, which recursive ones need.
 */
function schemaJson(schema: Schema, names: ReadonlyMap<Schema, string>): SchemaJson {
  const at = schema.kind === "lazy" ? schema.of() : schema;
  const name = names.get(at);
  return name === undefined ? bodyOf(at, names) : { kind: "ref", name };
}

/** The names and bodies of all schemas given. */
export function schemaTable(named: Record<string, Schema>, known: Record<string, Schema> = {}) {
  const names = new Map(Object.entries({ ...known, ...named }).map(([name, of]) => [of, name]));
  return Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [
      name,
      // A named list of itself is lazy at its own top.
      bodyOf(schema.kind === "lazy" ? schema.of() : schema, names),
    ]),
  );
}

function bodyOf(schema: Schema, names: ReadonlyMap<Schema, string>): SchemaJson {
  switch (schema.kind) {
    case "list":
      return {
        kind: "list",
        item: schemaJson(schema.item, names),
        min: schema.min,
        max: schema.max,
      };
    case "record":
      return { kind: "record", fields: fieldsJson(schema.fields, names) };
    case "union":
      return {
        kind: "union",
        variants: Object.entries(schema.variants).map(([name, { fields }]) => ({
          name,
          fields: fieldsJson(fields, names),
        })),
      };
    case "int":
      return { kind: "int", min: String(schema.min), max: String(schema.max) };
    case "lazy":
      throw new Error("a lazy schema needs a name");
    default:
      return { ...schema };
  }
}

function fieldsJson(fields: Fields, names: ReadonlyMap<Schema, string>) {
  return Object.entries(fields).map(([name, field]) => ({
    name,
    optional: field.kind === "optional",
    schema: schemaJson(field.kind === "optional" ? field.of : field, names),
  }));
}
