import { CodecError } from "../codec-error.ts";
import {
  asciiItem,
  type Compiled,
  checkLength,
  expectType,
  outOfRange,
  wrongType,
} from "./compiled.ts";
import { utf8 } from "./pooled-bytes.ts";
import type { TextSchema } from "./schema.ts";
import { assertCanonicalText, assertFormat } from "./text.ts";

export const boolCodec: Compiled = {
  write: (writer, value) => writer.bool(expectType(value, "boolean")),
  read: (reader) => reader.bool(),
};

export function compileUint(min: number, max: number): Compiled {
  return {
    write(writer, value) {
      const number = expectType<number>(value, "number");
      if (!Number.isSafeInteger(number) || number < min || number > max)
        throw outOfRange(number, min, max);
      writer.unsigned(number);
    },
    read(reader) {
      const integer = reader.smallest();
      if (integer < min || integer > max) throw outOfRange(integer, min, max);
      return Number(integer);
    },
  };
}

export function compileInt(min: bigint, max: bigint): Compiled {
  const check = (integer: bigint): bigint => {
    if (integer < min || integer > max) throw outOfRange(integer, min, max);
    return integer;
  };
  return {
    write: (writer, value) => writer.integer(check(expectType<bigint>(value, "bigint"))),
    read: (reader) => check(reader.integer()),
  };
}

export function compileText({ min, max, format }: TextSchema): Compiled {
  return {
    write(writer, value) {
      const string = expectType<string>(value, "string");
      if (format !== undefined) assertFormat(string, format);
      // An ASCII string is canonical as it stands, and has a byte for each character.
      const isLengthAllowed = string.length >= min && string.length <= max;
      if (isLengthAllowed && writer.ascii(string)) return;
      assertCanonicalText(string);
      const encoded = utf8(string);
      checkLength("text", encoded.length, min, max);
      writer.utf8(encoded);
    },
    read(reader) {
      const string = reader.text(min, max);
      if (format !== undefined) assertFormat(string, format);
      return string;
    },
  };
}

export function compileChoice(values: readonly string[]): Compiled {
  const longest = Math.max(...values.map((value) => value.length));
  const encodings = values.map(asciiItem);
  const check = (value: string): string => {
    if (values.includes(value)) return value;
    throw new CodecError({ code: "codec/not-listed", found: value, expected: values });
  };
  return {
    write(writer, value) {
      writer.ascii(check(expectType(value, "string")));
    },
    read(reader) {
      for (let i = 0; i < values.length; i++)
        if (reader.skip(encodings[i] as Uint8Array)) return values[i];
      return check(reader.text(0, longest));
    },
  };
}

export function compileBytes(min: number, max: number): Compiled {
  return {
    write(writer, value) {
      if (!(value instanceof Uint8Array)) throw wrongType("Uint8Array", value);
      checkLength("bytes", value.length, min, max);
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(min, max),
  };
}

export function compileHex(min: number, max: number): Compiled {
  return {
    write(writer, value) {
      const hex = expectType<string>(value, "string");
      checkLength("bytes", hex.length / 2, min, max);
      writer.hex(hex);
    },
    read: (reader) => reader.hex(min, max),
  };
}
