import {
  bool,
  bytes,
  choice,
  date,
  decimal,
  hex,
  int,
  lazy,
  lei,
  list,
  optional,
  record,
  type Schema,
  text,
  uint,
  union,
} from "@stateset/codec";

const nest: Schema = list(
  lazy((): Schema => nest),
  { max: 1 },
);

/** Small schemas that between them use every kind and every limit. */
export const CODEC_SCHEMAS = {
  bool: bool(),
  uint: uint(),
  "uint-10-1000": uint({ min: 10, max: 1000 }),
  int: int(),
  "int-not-negative": int({ min: 0n }),
  text: text({ max: 300 }),
  "text-2-4": text({ min: 2, max: 4 }),
  date: date(),
  decimal: decimal(),
  lei: lei(),
  colour: choice("red", "green", "blue"),
  "bytes-0-4": bytes({ max: 4 }),
  bytes: bytes({ max: 300 }),
  "hex-4": hex({ length: 4 }),
  hex: hex({ max: 8 }),
  "list-1-3": list(uint(), { min: 1, max: 3 }),
  list: list(bool(), { max: 300 }),
  /** Shorter names first, then by their bytes, whatever the order of writing. */
  order: record({ ccc: uint(), b: uint(), aa: uint(), a: uint(), Z: uint(), "a-": uint() }),
  person: record({ name: text({ max: 20 }), age: uint(), note: optional(text({ max: 20 })) }),
  /** On the wire a, b, c, d: an optional field first, and between two required ones. */
  gaps: record({ a: optional(uint()), b: uint(), c: optional(uint()), d: uint() }),
  empty: record({}),
  shape: union({
    point: record({}),
    circle: record({ radius: uint() }),
    square: record({ side: uint(), filled: optional(bool()) }),
  }),
  nest,
} satisfies Record<string, Schema>;

export type CodecSchemaName = keyof typeof CODEC_SCHEMAS;
