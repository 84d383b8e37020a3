import { CodecError } from "../codec-error.ts";
import type { CborReader } from "./cbor-reader.ts";
import { type CborWriter, MAJOR_MAP } from "./cbor-writer.ts";
import {
  asciiItem,
  type Compiled,
  checkLength,
  expectRecord,
  type Read,
  type Write,
  within,
} from "./compiled.ts";
import type { RecordSchema, Schema, UnionSchema } from "./schema.ts";

const FIELD_NAME_BYTES_MAX = 64;

type Compile = (schema: Schema) => Compiled;
type Field = { name: string; key: Uint8Array; optional: boolean; write: Write; read: Read };

export function compileRecord(schema: RecordSchema, compile: Compile): Compiled {
  const { fields, names } = recordForm(schema, compile);
  return {
    write(writer, value) {
      const given = expectRecord(value);
      assertFieldsKnown(given, names);
      writeFields(writer, fields, given);
    },
    read: (reader) => readFields(reader, fields, {}),
  };
}

function recordForm(
  schema: RecordSchema,
  compile: Compile,
): { fields: Field[]; names: ReadonlySet<string> } {
  const fields = canonicalFields(schema, compile);
  return { fields, names: new Set(fields.map((field) => field.name)) };
}

/** Without a list of the names, which would be made for every record that is written. */
function assertFieldsKnown(
  given: Record<string, unknown>,
  names: ReadonlySet<string>,
  besides?: string,
): void {
  for (const name in given)
    if (!names.has(name) && name !== besides && given[name] !== undefined)
      throw new CodecError({ code: "codec/unknown-field", field: name });
}

/** The order of dag-cbor: shorter keys first, then by their bytes. */
function canonicalFields(schema: RecordSchema, compile: Compile): Field[] {
  const fields = Object.entries(schema.fields).map(([name, field]): Field => {
    const optional = field.kind === "optional";
    return { name, key: asciiItem(name), optional, ...compile(optional ? field.of : field) };
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
    try {
      field.write(writer, value);
    } catch (error) {
      throw within(field.name, error);
    }
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
  let previous: Field | undefined;
  for (let i = 0; i < count; i++) {
    let field = fields[next];
    while (field === undefined || !reader.skip(field.key)) {
      if (field?.optional !== true) throw misplaced(reader, { fields, next, previous });
      field = fields[++next];
    }
    try {
      into[field.name] = field.read(reader);
    } catch (error) {
      throw within(field.name, error);
    }
    previous = field;
    next++;
  }
  for (; next < fields.length; next++) {
    const field = fields[next] as Field;
    if (!field.optional) throw new CodecError({ code: "codec/missing-field", field: field.name });
  }
  reader.leave();
  return into;
}

/** What it means that another key stands where the next field's, or the end of the map, should. */
function misplaced(
  reader: CborReader,
  at: { fields: readonly Field[]; next: number; previous: Field | undefined },
): CodecError {
  const name = reader.text(0, FIELD_NAME_BYTES_MAX);
  const index = at.fields.findIndex((field) => field.name === name);
  if (index < 0) return new CodecError({ code: "codec/unknown-field", field: name });
  if (name === at.previous?.name)
    return new CodecError({ code: "codec/duplicate-field", field: name });
  if (index < at.next) return new CodecError({ code: "codec/unsorted-fields", field: name });
  const missing = at.fields[at.next]?.name ?? name;
  return new CodecError({ code: "codec/missing-field", field: missing });
}

export function compileUnion(schema: UnionSchema, compile: Compile): Compiled {
  const variants = Object.entries(schema.variants).map(([name, record]) => ({
    name,
    key: asciiItem(name),
    ...recordForm(record, compile),
  }));
  const byName = new Map(variants.map((variant) => [variant.name, variant]));
  const unknownVariant = (variant: string): CodecError =>
    new CodecError({ code: "codec/unknown-variant", variant, expected: [...byName.keys()] });
  return {
    write(writer, value) {
      const given = expectRecord(value);
      const kind = String(given.kind);
      const variant = byName.get(kind);
      if (variant === undefined) throw unknownVariant(kind);
      writer.head(MAJOR_MAP, 1);
      writer.enter();
      writer.raw(variant.key);
      assertFieldsKnown(given, variant.names, "kind");
      try {
        writeFields(writer, variant.fields, given);
      } catch (error) {
        throw within(kind, error);
      }
      writer.leave();
    },
    read(reader) {
      const count = reader.head(MAJOR_MAP);
      checkLength("union", count, 1, 1);
      reader.enter();
      const variant = variants.find(({ key }) => reader.skip(key));
      if (variant === undefined) throw unknownVariant(reader.text(0, FIELD_NAME_BYTES_MAX));
      const kind = variant.name;
      try {
        const value = readFields(reader, variant.fields, { kind });
        reader.leave();
        return value;
      } catch (error) {
        throw within(kind, error);
      }
    },
  };
}
