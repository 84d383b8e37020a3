import { CodecError } from "../codec-error.ts";
import { DEPTH_MAX } from "./cbor-writer.ts";
import {
  checkLength,
  expectRecord,
  expectType,
  outOfRange,
  within,
  wrongType,
} from "./compiled.ts";
import type { Fields, Infer, ListSchema, RecordSchema, Schema, UnionSchema } from "./schema.ts";
import { encode } from "./schema-codec.ts";

/** What `JSON.parse` gives. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [name: string]: JsonValue };

/** As long as INT64_MIN is. */
const INT_DIGITS = /^(0|-?[1-9][0-9]{0,18})$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The value that JSON from outside stands for: exactly those are taken that `encode` takes. An
 * `int` is decimal text or a whole number that JavaScript holds exactly, `bytes` are base64 in its
 * one padded spelling, a union's variant stands in `kind`. An absent field is left out, never null.
 * @throws CodecError whose `path` leads to the field at fault, a missing or unknown one too
 */
export function fromJson<S extends Schema>(schema: S, json: unknown): Infer<S> {
  return read(schema, json, 0) as Infer<S>;
}

/** The JSON of a value that the schema admits; an `int` becomes decimal text, `bytes` base64. */
export function toJson<S extends Schema>(schema: S, value: Infer<S>): JsonValue {
  return write(schema, value);
}

function read(schema: Schema, json: unknown, depth: number): unknown {
  switch (schema.kind) {
    case "lazy":
      return read(schema.of(), json, depth);
    case "list":
      return readList(schema, json, deeper(depth));
    case "record":
      return readRecord(schema, json, deeper(depth));
    case "union":
      return readUnion(schema, json, deeper(deeper(depth)));
    case "int":
      return admitted(schema, readInt(json));
    case "uint":
      // Negative zero has no encoding of its own.
      return admitted(schema, expectType<number>(json, "number") + 0);
    case "bytes":
      return admitted(schema, readBase64(expectType(json, "string"), schema.min, schema.max));
    default:
      return admitted(schema, json);
  }
}

/** A scalar that canonical encoding takes; asking the encoder keeps the two from drifting apart. */
function admitted(schema: Schema, value: unknown): unknown {
  encode(schema, value as never);
  return value;
}

/** Counts as the encoder does: a union twice, as its map does. */
function deeper(depth: number): number {
  if (depth >= DEPTH_MAX) throw new CodecError({ code: "codec/too-deep", max: DEPTH_MAX });
  return depth + 1;
}

function readList(schema: ListSchema, json: unknown, depth: number): unknown[] {
  if (!Array.isArray(json)) throw wrongType("list", json);
  checkLength("list", json.length, schema.min, schema.max);
  return Array.from(json, (item, i) => step(String(i), () => read(schema.item, item, depth)));
}

function readRecord(schema: RecordSchema, json: unknown, depth: number): object {
  const given = expectRecord(json);
  for (const name of Object.keys(given))
    if (!Object.hasOwn(schema.fields, name)) throw unknownField(name);
  return Object.fromEntries(readFields(schema.fields, given, depth));
}

function readUnion(schema: UnionSchema, json: unknown, depth: number): object {
  const given = expectRecord(json);
  if (!Object.hasOwn(given, "kind")) throw missingField("kind");
  const kind = step("kind", () => expectType<string>(given.kind, "string"));
  const variant = Object.hasOwn(schema.variants, kind) ? schema.variants[kind] : undefined;
  if (variant === undefined) {
    const expected = Object.keys(schema.variants);
    throw new CodecError({ code: "codec/unknown-variant", variant: kind, expected }).within("kind");
  }
  for (const name of Object.keys(given))
    if (name !== "kind" && !Object.hasOwn(variant.fields, name)) throw unknownField(name);
  return Object.fromEntries([["kind", kind], ...readFields(variant.fields, given, depth)]);
}

/** Entries, not assignments: no name that a stranger's JSON brings may become a setter. */
function readFields(
  fields: Fields,
  given: Record<string, unknown>,
  depth: number,
): [string, unknown][] {
  return Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
    const json = Object.hasOwn(given, name) ? given[name] : undefined;
    if (json !== undefined) {
      const schema = field.kind === "optional" ? field.of : field;
      return [[name, step(name, () => read(schema, json, depth))]];
    }
    if (field.kind === "optional") return [];
    throw missingField(name);
  });
}

function readInt(json: unknown): bigint {
  if (typeof json === "number") {
    if (Number.isSafeInteger(json)) return BigInt(json);
    throw outOfRange(json, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  }
  const digits = expectType<string>(json, "string");
  if (INT_DIGITS.test(digits)) return BigInt(digits);
  throw badFormat("integer", digits);
}

function readBase64(text: string, min: number, max: number): Uint8Array {
  if (!BASE64.test(text)) throw badFormat("base64", text);
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  checkLength("bytes", (text.length / 4) * 3 - padding, min, max);
  const binary = atob(text);
  // The bits that padding leaves over could spell the same bytes in another way.
  if (btoa(binary) !== text) throw badFormat("base64", text);
  // A loop, as documents come this way: a callback for each byte takes thirty times as long.
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function write(schema: Schema, value: unknown): JsonValue {
  switch (schema.kind) {
    case "lazy":
      return write(schema.of(), value);
    case "list":
      return (value as unknown[]).map((item) => write(schema.item, item));
    case "record":
      return Object.fromEntries(writeFields(schema.fields, value as Record<string, unknown>));
    case "union":
      return writeUnion(schema, value as { kind: string });
    case "int":
      return String(value);
    case "bytes":
      return writeBase64(value as Uint8Array);
    default:
      return value as JsonValue;
  }
}

function writeUnion(schema: UnionSchema, value: { kind: string }): JsonValue {
  const variant = schema.variants[value.kind];
  if (variant === undefined) throw wrongType(Object.keys(schema.variants).join(" or "), value.kind);
  const fields = writeFields(variant.fields, value);
  return Object.fromEntries([["kind", value.kind] as const, ...fields]);
}

function writeFields(fields: Fields, value: Record<string, unknown>): [string, JsonValue][] {
  return Object.entries(fields).flatMap(([name, field]): [string, JsonValue][] => {
    const given = value[name];
    if (given === undefined) return [];
    return [[name, write(field.kind === "optional" ? field.of : field, given)]];
  });
}

function writeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i++) binary += String.fromCharCode(bytes[i] as number);
  return btoa(binary);
}

/** Runs what is inside a container, and puts the way there before a fault's path. */
function step<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw within(name, error);
  }
}

function missingField(field: string): CodecError {
  return new CodecError({ code: "codec/missing-field", field }).within(field);
}

function unknownField(field: string): CodecError {
  return new CodecError({ code: "codec/unknown-field", field }).within(field);
}

function badFormat(format: string, found: string): CodecError {
  return new CodecError({ code: "codec/bad-format", format, found: found.slice(0, 80) });
}
