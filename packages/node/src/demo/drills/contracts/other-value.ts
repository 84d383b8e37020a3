import type { Schema } from "@stateset/codec";
import { type GuestValue, plusDays } from "@stateset/ledger/contract";
import type { DraftParty } from "./draft.ts";

/** As in a record: a field may be one that can be absent. */
type FieldSchema = Schema | { readonly kind: "optional"; readonly of: Schema };

/**
 * Another value that the schema admits: the drills try what a contract must refuse, and not what no
 * state can hold. Parties and holders become the stranger.
 */
export function otherValue(
  schema: FieldSchema,
  value: GuestValue | undefined,
  stranger: DraftParty,
): GuestValue {
  if (schema.kind === "optional") return otherValue(schema.of, value, stranger);
  if (value === undefined) return someValue(schema, stranger);
  switch (schema.kind) {
    case "bool":
      return value !== true;
    case "uint":
      return value === schema.max ? schema.max - 1 : (value as number) + 1;
    case "int":
      return value === schema.max ? schema.max - 1n : (value as bigint) + 1n;
    case "choice":
      return schema.values.find((each) => each !== value) ?? unlike(schema);
    case "hex":
      return `${(value as string).slice(0, -1)}${(value as string).endsWith("0") ? "1" : "0"}`;
    case "text":
      return otherText(value as string, schema.format);
    case "list": {
      const items = value as GuestValue[];
      if (items.length > schema.min) return items.slice(0, -1);
      return [...items, items.at(-1) ?? someValue(schema.item, stranger)];
    }
    case "record":
      return otherRecord(schema, value as { [field: string]: GuestValue }, stranger);
    default:
      return unlike(schema);
  }
}

/** A value that the schema admits, where there is none to begin with. */
export function someValue(schema: Schema, stranger: DraftParty): GuestValue {
  switch (schema.kind) {
    case "bool":
      return true;
    case "uint":
      return Math.max(schema.min, 1);
    case "int":
      return schema.min > 1n ? schema.min : 1n;
    case "choice":
      return schema.values[0] ?? unlike(schema);
    case "hex":
      return "0".repeat(2 * Math.max(schema.min, 1));
    case "text":
      if (schema.format === "date") return "2026-01-01";
      return schema.format === "decimal" ? "1" : "X".repeat(Math.max(schema.min, 1));
    case "list":
      return Array.from({ length: schema.min }, () => someValue(schema.item, stranger));
    case "record": {
      const known = partyValue(schema, stranger);
      if (known !== undefined) return known;
      const required = Object.entries(schema.fields).flatMap(([name, field]) =>
        field.kind === "optional" ? [] : [[name, someValue(field, stranger)] as const],
      );
      return Object.fromEntries(required);
    }
    default:
      return unlike(schema);
  }
}

function otherRecord(
  schema: Extract<Schema, { kind: "record" }>,
  value: { [field: string]: GuestValue },
  stranger: DraftParty,
): GuestValue {
  const known = partyValue(schema, stranger);
  if (known !== undefined) return known;
  const [first] = Object.entries(schema.fields);
  if (first === undefined) return unlike(schema);
  const [name, field] = first;
  return { ...value, [name]: otherValue(field, value[name], stranger) };
}

/** A party of the network, or a holder: their fields say which. */
function partyValue(
  { fields }: Extract<Schema, { kind: "record" }>,
  { party, holder }: DraftParty,
): GuestValue | undefined {
  if ("identity" in fields && "blinding" in fields) return holder() as unknown as GuestValue;
  if (fields.id?.kind === "hex" && "name" in fields) return party as unknown as GuestValue;
  return undefined;
}

function otherText(value: string, format: string | undefined): string {
  if (format === "date") return plusDays(value, 1);
  const last = value.slice(-1);
  const start = value.slice(0, -1);
  // A decimal has no zero at its end, and one nine is not ten.
  if (format === "decimal") return `${start}${last === "9" ? "8" : Number(last) + 1}`;
  return `${start}${last === "X" ? "Y" : "X"}`;
}

function unlike({ kind }: Schema): never {
  throw new Error(`the drills know no other value of a schema ${kind}`);
}
