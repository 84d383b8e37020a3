import { CodecError } from "../codec-error.ts";
import {
  assertAscii,
  type Compiled,
  checkLength,
  expectType,
  isAscii,
  outOfRange,
  wrongType,
} from "./compiled.ts";
import type { TextSchema } from "./schema.ts";
import { assertCanonicalText, assertFormat } from "./text.ts";

export const boolCodec: Compiled = {
  write: (writer, value) => writer.bool(expectType(value, "boolean")),
  read: (reader) => reader.bool(),
};

export function compileUint(min: number, max: number): Compiled {
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
      // A short ASCII string is canonical as it stands, and as long in bytes as in characters.
      if (string.length <= 256 && isAscii(string)) {
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

export function compileChoice(values: readonly string[]): Compiled {
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
