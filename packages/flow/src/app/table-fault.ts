import type { Schema } from "@stateset/codec";
import type { LoadedBundle } from "@stateset/ledger";
import type { StateColumn, StateTable } from "../ports/vault.ts";

type Fields = Extract<Schema, { kind: "record" }>["fields"];

/** Lower case only, so that nobody needs to quote them in SQL. */
const COLUMN_NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Why a table cannot hold the states of its contract, or undefined. Checked when an app is built
 * and when it is installed, so that no state can ever fail to become a row.
 */
export function tableFault(table: StateTable, contract: LoadedBundle): string | undefined {
  const state = contract.states.get(table.type)?.schema;
  if (state?.kind !== "record") return `contract ${table.contract} has no state ${table.type}`;
  return (
    columnsFault(table.columns, state) ??
    participantsFault(table, state.fields) ??
    fungibleFault(table) ??
    indexesFault(table)
  );
}

function columnsFault(columns: readonly StateColumn[], state: Schema): string | undefined {
  for (const [i, { name, type, path }] of columns.entries()) {
    if (!COLUMN_NAME.test(name)) return `column ${name} is not in snake case`;
    if (columns.findIndex((other) => other.name === name) !== i) return `column ${name} twice`;
    const schema = schemaAt(state, path.split("."));
    if (schema === undefined) return `column ${name}: the state has no field ${path}`;
    if (!isHeldBy(schema, type)) return `column ${name}: ${path} is ${schema.kind}, not ${type}`;
  }
  return undefined;
}

/** What stands at the end of a path through records, whether or not it may be absent. */
function schemaAt(schema: Schema, path: readonly string[]): Schema | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  if (schema.kind !== "record" || !Object.hasOwn(schema.fields, step)) return undefined;
  const field = schema.fields[step];
  if (field === undefined) return undefined;
  return schemaAt(field.kind === "optional" ? field.of : field, rest);
}

function isHeldBy(schema: Schema, type: StateColumn["type"]): boolean {
  switch (type) {
    case "json":
      return true;
    case "boolean":
      return schema.kind === "bool";
    case "integer":
      return schema.kind === "uint" || schema.kind === "int";
    case "timestamp":
      return schema.kind === "uint";
    case "date":
      return schema.kind === "text" && schema.format === "date";
    case "text":
      return schema.kind === "text" || schema.kind === "choice" || schema.kind === "hex";
  }
}

function participantsFault(table: StateTable, fields: Fields): string | undefined {
  for (const name of table.participants)
    if (!isRecordWith(fields, name, "id") && !isRecordWith(fields, name, "identity"))
      return `participant ${name} is no field that holds a party or a holder`;
  const { owner } = table;
  if (owner === undefined || isRecordWith(fields, owner, "identity")) return undefined;
  return `owner ${owner} is no field that holds a holder`;
}

function isRecordWith(fields: Fields, name: string, inner: string): boolean {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const schema = field?.kind === "optional" ? field.of : field;
  if (schema?.kind !== "record" || !Object.hasOwn(schema.fields, inner)) return false;
  return schema.fields[inner]?.kind === "hex";
}

function fungibleFault({ fungible, columns, owner }: StateTable): string | undefined {
  if (fungible === undefined) return undefined;
  if (owner === undefined) return "a table of interchangeable states names no owner";
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type;
  const { quantity, kind } = fungible;
  if (typeOf(quantity) !== "integer") return `quantity ${quantity} is no column of integers`;
  const other = kind.find((name) => typeOf(name) !== "text");
  return other === undefined ? undefined : `kind ${other} is no column of text`;
}

function indexesFault({ indexes = [], columns }: StateTable): string | undefined {
  for (const index of indexes) {
    const unknown = index.find((name) => !columns.some((column) => column.name === name));
    if (unknown !== undefined) return `index over ${unknown}, which is no column`;
    if (new Set(index).size < index.length) return `index over a column twice`;
  }
  return undefined;
}
