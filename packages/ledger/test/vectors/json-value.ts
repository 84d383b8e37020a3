import { toHex } from "@stateset/codec";

/**
 * A value as the vectors write it; its schema tells what the texts stand for: bytes and hex are
 * hexadecimal text, int is decimal text, and a union's variant stands in `kind`.
 */
export function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, jsonValue(field)]),
  );
}
