import { CodecError } from "../codec-error.ts";
import type { CborReader } from "./cbor-reader.ts";
import { CborWriter } from "./cbor-writer.ts";

export type Write = (writer: CborWriter, value: unknown) => void;
export type Read = (reader: CborReader) => unknown;
/** What a schema comes down to. */
export type Compiled = { write: Write; read: Read };

/** What went wrong inside a container, with the way there before the fault's path. */
export function within(name: string, error: unknown): unknown {
  return error instanceof CodecError ? error.within(name) : error;
}

export function expectType<T>(value: unknown, type: "boolean" | "number" | "bigint" | "string"): T {
  if (typeof value !== type) throw wrongType(type, value);
  return value as T;
}

export function expectRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongType("record", value);
  return value as Record<string, unknown>;
}

/** A name or choice as an item: whoever makes a schema writes it, and it must have one spelling. */
export function asciiItem(name: string): Uint8Array {
  const writer = new CborWriter();
  if (!writer.ascii(name))
    throw new CodecError({ code: "codec/bad-format", format: "ascii", found: name });
  return writer.take();
}

export function wrongType(expected: string, value: unknown): CodecError {
  const found = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
  return new CodecError({ code: "codec/wrong-type", expected, found });
}

export function checkLength(what: string, found: number, min: number, max: number): void {
  if (found < min || found > max)
    throw new CodecError({ code: "codec/bad-length", what, found, min, max });
}

export function outOfRange(
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
