import { CodecError } from "../codec-error.ts";
import type { CborReader } from "./cbor-reader.ts";
import { CborWriter, MAJOR_MAP } from "./cbor-writer.ts";
import {
  assertAscii,
  type Compiled,
  checkLength,
  expectRecord,
  type Read,
  step,
  type Write,
} from "./compiled.ts";
import type { RecordSchema, Schema, UnionSchema } from "./schema.ts";

const FIELD_NAME_BYTES_MAX = 64;

type Compile = (schema: Schema) => Compiled;
type Field = { name: string; key: Uint8Array; optional: boolean; write: Write; read: Read };

export function compileRecord(schema: RecordSchema, compile: Compile): Compiled {
  const fields = canonicalFields(schema, compile);
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
function canonicalFields(schema: RecordSchema, compile: Compile): Field[] {
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

export function compileUnion(schema: UnionSchema, compile: Compile): Compiled {
  const variants = new Map(
    Object.entries(schema.variants).map(([name, record]) => [
      name,
      canonicalFields(record, compile),
    ]),
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
