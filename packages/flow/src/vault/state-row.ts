import { INT64_MAX, isDate, toHex } from "@stateset/codec";
import type { StateColumn, StateTable } from "../ports/vault.ts";

/** What a column of a state table holds; a timestamp is milliseconds since 1970. */
export type ColumnValue = string | bigint | boolean | number;

/**
 * A decoded value as JSON: integers of schema `int` as decimal text, bytes as hexadecimal text.
 * What is optional and absent has no key.
 */
export function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([name, each]) => [name, jsonOf(each)]));
}

/**
 * The value of a column in a state's JSON. A value that is absent or not of the column's type gives
 * none: a table is a view of states, and its declaration must never keep one from being recorded.
 */
export function columnValue(column: StateColumn, state: unknown): unknown {
  let value = state;
  for (const name of column.path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return column.type === "json" ? value : parseColumnValue(column.type, value);
}

/** @returns the value as the column holds it, or undefined where it is not of the type */
export function parseColumnValue(
  type: StateColumn["type"],
  value: unknown,
): ColumnValue | undefined {
  switch (type) {
    case "text":
      return typeof value === "string" ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "date":
      return typeof value === "string" && isDate(value) ? value : undefined;
    case "integer":
      return parseInteger(value);
    case "timestamp":
      return parseTimestamp(value);
    case "json":
      return undefined;
  }
}

/** What is read into a pool of interchangeable states. */
export type CoinValue = { kind: string; quantity: bigint };

/** The kind and quantity of a state in a table of interchangeable ones; none if it is worth nothing. */
export function coinValue(table: StateTable, state: unknown): CoinValue | undefined {
  if (table.fungible === undefined) return undefined;
  const valueIn = (name: string) => {
    const column = table.columns.find((each) => each.name === name);
    return column && columnValue(column, state);
  };
  const quantity = valueIn(table.fungible.quantity);
  const kind = table.fungible.kind.map(valueIn);
  if (typeof quantity !== "bigint" || quantity <= 0n || kind.includes(undefined)) return undefined;
  return { kind: JSON.stringify(kind.map(String)), quantity };
}

/** The text of a decimal integer of 64 bits. */
const INTEGER = /^-?\d{1,19}$/;

function parseInteger(value: unknown): bigint | undefined {
  if (typeof value === "number" && !Number.isSafeInteger(value)) return undefined;
  if (typeof value === "string" && !INTEGER.test(value)) return undefined;
  if (typeof value !== "number" && typeof value !== "string" && typeof value !== "bigint") {
    return undefined;
  }
  const integer = BigInt(value);
  return integer <= INT64_MAX && integer >= -INT64_MAX - 1n ? integer : undefined;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
/** The last millisecond of the year 9999: later times have no ISO 8601 text of four digits. */
const TIME_MAX_MS = 253_402_300_799_999;

function parseTimestamp(value: unknown): number | undefined {
  const ms = typeof value === "string" && ISO_TIME.test(value) ? Date.parse(value) : value;
  if (typeof ms !== "number" || !Number.isSafeInteger(ms)) return undefined;
  return ms >= 0 && ms <= TIME_MAX_MS ? ms : undefined;
}
