import { encode, type Schema, schemaDataSchema, schemaToData, toHex } from "@stateset/codec";

/** Equal text, equal schema: fields and variants in any order. */
export function schemaText(schema: Schema): string {
  return toHex(encode(schemaDataSchema, schemaToData(inOrder(schema))));
}

function inOrder(schema: Schema): Schema {
  if (schema.kind === "list") return { ...schema, item: inOrder(schema.item) };
  if (schema.kind === "union")
    return { ...schema, variants: sorted(schema.variants, (each) => inOrder(each) as typeof each) };
  if (schema.kind !== "record") return schema;
  const fields = sorted(schema.fields, (field) =>
    field.kind === "optional" ? { ...field, of: inOrder(field.of) } : inOrder(field),
  );
  return { ...schema, fields };
}

function sorted<T>(entries: { readonly [name: string]: T }, map: (each: T) => T) {
  const names = Object.keys(entries).sort();
  return Object.fromEntries(names.map((name) => [name, map(entries[name] as T)]));
}
