import { CborReader } from "./cbor-reader.ts";
import { CborWriter, MAJOR_LIST } from "./cbor-writer.ts";
import { type Compiled, checkLength, within, wrongType } from "./compiled.ts";
import { compileRecord, compileUnion } from "./record-codec.ts";
import {
  boolCodec,
  compileBytes,
  compileChoice,
  compileHex,
  compileInt,
  compileText,
  compileUint,
} from "./scalar-codecs.ts";
import type { Infer, Schema } from "./schema.ts";

const compiledBySchema = new WeakMap<object, Compiled>();
const sharedWriter = new CborWriter();

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
      return boolCodec;
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
      return compileRecord(schema, compile);
    case "union":
      return compileUnion(schema, compile);
    case "lazy":
      return {
        write: (writer, value) => compile(schema.of()).write(writer, value),
        read: (reader) => compile(schema.of()).read(reader),
      };
  }
}

function compileList(item: Schema, min: number, max: number): Compiled {
  const of = compile(item);
  return {
    write(writer, value) {
      if (!Array.isArray(value)) throw wrongType("list", value);
      checkLength("list", value.length, min, max);
      writer.head(MAJOR_LIST, value.length);
      writer.enter();
      for (let i = 0; i < value.length; i++) {
        try {
          of.write(writer, value[i]);
        } catch (error) {
          throw within(String(i), error);
        }
      }
      writer.leave();
    },
    read(reader) {
      const length = reader.head(MAJOR_LIST);
      checkLength("list", length, min, max);
      reader.enter();
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) {
        try {
          items.push(of.read(reader));
        } catch (error) {
          throw within(String(i), error);
        }
      }
      reader.leave();
      return items;
    },
  };
}
