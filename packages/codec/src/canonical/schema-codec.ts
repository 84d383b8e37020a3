import { CodecError } from "../codec-error.ts";
import { CborReader } from "./cbor-reader.ts";
import { CborWriter, MAJOR_LIST, MAJOR_MAP } from "./cbor-writer.ts";
import type { Infer, RecordSchema, Schema, TextSchema, UnionSchema } from "./schema.ts";
import { assertCanonicalText, assertFormat } from "./text.ts";

type Write = (writer: CborWriter, value: unknown) => void;
type Read = (reader: CborReader) => unknown;
type Compiled = { write: Write; read: Read };

const compiledBySchema = new WeakMap<object, Compiled>();
const sharedWriter = new CborWriter();
const FIELD_NAME_BYTES_MAX = 64;
const ASCII_ONLY = /^[\0-\x7f]*$/;

/**
 * The one canonical encoding of a value.
 * @throws CodecError where the value is not one that the schema admits
 */
export function encode<S extends Schema>(schema: S, value: Infer<S>): Uint8Array {
  try {
    compile(schema).write(sharedWriter, value);
    return sharedWriter.take();
  } catch (error) {
    sharedWriter.take();
    throw error;
  }
}

/**
 * The value that canonical bytes stand for; every other encoding of the same value is refused, so
 * that `encode(schema, decode(schema, bytes))` is always `bytes`.
 * @throws CodecError with the path to what is wrong
 */
export function decode<S extends Schema>(schema: S, bytes: Uint8Array): Infer<S> {
  const reader = new CborReader(bytes);
  const value = compile(schema).read(reader);
  reader.end();
  return value as Infer<S>;
}

function compile(schema: Schema): Compiled {
  const known = compiledBySchema.get(schema);
  if (known !== undefined) return known;
  const compiled = compileKind(schema);
  compiledBySchema.set(schema, compiled);
  return compiled;
}

function compileKind(schema: Schema): Compiled {
  switch (schema.kind) {
    case "bool":
      return {
        write: (writer, value) => writer.bool(expectType(value, "boolean")),
        read: (reader) => reader.bool(),
      };
    case "uint":
      return compileUint(schema.min, schema.max);
    case "int":
      return compileInt(schema.min, schema.max);
    case "text":
      return compileText(schema);
    case "choice":
      return compileChoice(schema.values);
    case "bytes":
      return compileBytes(schema.min, schema.max);
    case "hex":
      return compileHex(schema.min, schema.max);
    case "list":
      return compileList(schema.item, schema.min, schema.max);
    case "record":
      return compileRecord(schema);
    case "union":
      return compileUnion(schema);
    case "lazy":
      return {
        write: (writer, value) => compile(schema.of()).write(writer, value),
        read: (reader) => compile(schema.of()).read(reader),
      };
  }
}

function compileUint(min: number, max: number): Compiled {
  const [minimum, maximum] = [BigInt(min), BigInt(max)];
  return {
    write(writer, value) {
      const number = expectType<number>(value, "number");
      if (!Number.isSafeInteger(number) || number < min || number > max)
        throw outOfRange(number, min, max);
      writer.integer(BigInt(number));
    },
    read(reader) {
      const integer = reader.integer();
      if (integer < minimum || integer > maximum) throw outOfRange(integer, min, max);
      return Number(integer);
    },
  };
}

function compileInt(min: bigint, max: bigint): Compiled {
  const check = (integer: bigint): bigint => {
    if (integer < min || integer > max) throw outOfRange(integer, min, max);
    return integer;
  };
  return {
    write: (writer, value) => writer.integer(check(expectType<bigint>(value, "bigint"))),
    read: (reader) => check(reader.integer()),
  };
}

function compileText({ min, max, format }: TextSchema): Compiled {
  return {
    write(writer, value) {
      const string = expectType<string>(value, "string");
      if (format !== undefined) assertFormat(string, format);
      // A short ASCII string is canonical as it stands, and as long in bytes as in characters.
      if (string.length <= 256 && ASCII_ONLY.test(string)) {
        checkLength("text", string.length, min, max);
        return writer.ascii(string);
      }
      assertCanonicalText(string);
      const utf8 = new TextEncoder().encode(string);
      checkLength("text", utf8.length, min, max);
      writer.utf8(utf8);
    },
    read(reader) {
      const string = reader.text(min, max);
      if (format !== undefined) assertFormat(string, format);
      return string;
    },
  };
}

function compileChoice(values: readonly string[]): Compiled {
  values.forEach(assertAscii);
  const longest = Math.max(...values.map((value) => value.length));
  const check = (value: string): string => {
    if (values.includes(value)) return value;
    throw new CodecError({ code: "codec/not-listed", found: value, expected: values });
  };
  return {
    write: (writer, value) => writer.ascii(check(expectType(value, "string"))),
    read: (reader) => check(reader.text(0, longest)),
  };
}

function compileBytes(min: number, max: number): Compiled {
  return {
    write(writer, value) {
      if (!(value instanceof Uint8Array)) throw wrongType("Uint8Array", value);
      checkLength("bytes", value.length, min, max);
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(min, max),
  };
}

function compileHex(min: number, max: number): Compiled {
  return {
    write(writer, value) {
      const hex = expectType<string>(value, "string");
      checkLength("bytes", hex.length / 2, min, max);
      writer.hex(hex);
    },
    read: (reader) => reader.hex(min, max),
  };
}

function compileList(item: Schema, min: number, max: number): Compiled {
  const of = compile(item);
  return {
    write(writer, value) {
      if (!Array.isArray(value)) throw wrongType("list", value);
      checkLength("list", value.length, min, max);
      writer.head(MAJOR_LIST, value.length);
      writer.enter();
      for (let i = 0; i < value.length; i++) step(String(i), () => of.write(writer, value[i]));
      writer.leave();
    },
    read(reader) {
      const length = reader.head(MAJOR_LIST);
      checkLength("list", length, min, max);
      reader.enter();
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) items.push(step(String(i), () => of.read(reader)));
      reader.leave();
      return items;
    },
  };
}

type Field = { name: string; key: Uint8Array; optional: boolean; write: Write; read: Read };

function compileRecord(schema: RecordSchema): Compiled {
  const fields = canonicalFields(schema);
  const names = new Set(fields.map((field) => field.name));
  return {
    write(writer, value) {
      const given = expectRecord(value);
      for (const name of Object.keys(given))
        if (!names.has(name) && given[name] !== undefined)
          throw new CodecError({ code: "codec/unknown-field", field: name });
      writeFields(writer, fields, given);
    },
    read: (reader) => readFields(reader, fields, {}),
  };
}

/** The order of dag-cbor: shorter keys first, then by their bytes. */
function canonicalFields(schema: RecordSchema): Field[] {
  const fields = Object.entries(schema.fields).map(([name, field]): Field => {
    assertAscii(name);
    const keyWriter = new CborWriter();
    keyWriter.ascii(name);
    const optional = field.kind === "optional";
    return { name, key: keyWriter.take(), optional, ...compile(optional ? field.of : field) };
  });
  return fields.sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
}

function writeFields(
  writer: CborWriter,
  fields: readonly Field[],
  given: Record<string, unknown>,
): void {
  let present = 0;
  for (const field of fields) {
    if (given[field.name] !== undefined) present++;
    else if (!field.optional)
      throw new CodecError({ code: "codec/missing-field", field: field.name });
  }
  writer.head(MAJOR_MAP, present);
  writer.enter();
  for (const field of fields) {
    const value = given[field.name];
    if (value === undefined) continue;
    writer.raw(field.key);
    step(field.name, () => field.write(writer, value));
  }
  writer.leave();
}

function readFields(
  reader: CborReader,
  fields: readonly Field[],
  into: Record<string, unknown>,
): Record<string, unknown> {
  const count = reader.head(MAJOR_MAP);
  reader.enter();
  let next = 0;
  let previous: string | undefined;
  for (let i = 0; i < count; i++) {
    const name = reader.text(0, FIELD_NAME_BYTES_MAX);
    while (fields[next]?.optional === true && fields[next]?.name !== name) next++;
    const field = fields[next];
    if (field?.name !== name) throw misplaced(name, { fields, next, previous });
    into[name] = step(name, () => field.read(reader));
    previous = name;
    next++;
  }
  for (; next < fields.length; next++) {
    const field = fields[next] as Field;
    if (!field.optional) throw new CodecError({ code: "codec/missing-field", field: field.name });
  }
  reader.leave();
  return into;
}

/** What it means that `name` stands where the next field, or the end of the map, should. */
function misplaced(
  name: string,
  at: { fields: readonly Field[]; next: number; previous: string | undefined },
): CodecError {
  const index = at.fields.findIndex((field) => field.name === name);
  if (index < 0) return new CodecError({ code: "codec/unknown-field", field: name });
  if (name === at.previous) return new CodecError({ code: "codec/duplicate-field", field: name });
  if (index < at.next) return new CodecError({ code: "codec/unsorted-fields", field: name });
  const missing = at.fields[at.next]?.name ?? name;
  return new CodecError({ code: "codec/missing-field", field: missing });
}

function compileUnion(schema: UnionSchema): Compiled {
  const variants = new Map(
    Object.entries(schema.variants).map(([name, record]) => [name, canonicalFields(record)]),
  );
  const expected = [...variants.keys()];
  expected.forEach(assertAscii);
  const fieldsOf = (variant: string): Field[] => {
    const fields = variants.get(variant);
    if (fields !== undefined) return fields;
    throw new CodecError({ code: "codec/unknown-variant", variant, expected });
  };
  return {
    write(writer, value) {
      const given = expectRecord(value);
      const variant = String(given.kind);
      const fields = fieldsOf(variant);
      for (const name of Object.keys(given))
        if (name !== "kind" && !fields.some((field) => field.name === name))
          throw new CodecError({ code: "codec/unknown-field", field: name });
      writer.head(MAJOR_MAP, 1);
      writer.enter();
      writer.ascii(variant);
      step(variant, () => writeFields(writer, fields, given));
      writer.leave();
    },
    read(reader) {
      const count = reader.head(MAJOR_MAP);
      checkLength("union", count, 1, 1);
      reader.enter();
      const kind = reader.text(0, FIELD_NAME_BYTES_MAX);
      const fields = fieldsOf(kind);
      const value = step(kind, () => readFields(reader, fields, { kind }));
      reader.leave();
      return value;
    },
  };
}

function step<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof CodecError ? error.within(name) : error;
  }
}

function expectType<T>(value: unknown, type: "boolean" | "number" | "bigint" | "string"): T {
  if (typeof value !== type) throw wrongType(type, value);
  return value as T;
}

function expectRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongType("record", value);
  return value as Record<string, unknown>;
}

/** Names and choices are written by whoever makes a schema, and must have one spelling. */
function assertAscii(name: string): void {
  if (!ASCII_ONLY.test(name))
    throw new CodecError({ code: "codec/bad-format", format: "ascii", found: name });
}

function wrongType(expected: string, value: unknown): CodecError {
  const found = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
  return new CodecError({ code: "codec/wrong-type", expected, found });
}

function checkLength(what: string, found: number, min: number, max: number): void {
  if (found < min || found > max)
    throw new CodecError({ code: "codec/bad-length", what, found, min, max });
}

function outOfRange(
  found: number | bigint,
  min: number | bigint,
  max: number | bigint,
): CodecError {
  return new CodecError({
    code: "codec/out-of-range",
    found: String(found),
    min: String(min),
    max: String(max),
  });
}
