/**
 * Schemas say which values a component may hold. They are plain data, so that a contract bundle can
 * carry the schemas of its states, be hashed with them, and be checked on any platform.
 *
 * The wire form is the part of dag-cbor that has no floats, tags, nulls or links: integers, byte
 * strings, well-formed NFC text, booleans, lists, and maps with text keys.
 */

declare const brandTag: unique symbol;
/** A type that only the constructors of its own module make. */
export type Branded<T, Brand extends string> = T & { readonly [brandTag]: Brand };

/** Lower-case hexadecimal text that stands for bytes: what ids, hashes and keys are in memory. */
export type Hex = string;

/** Of every hash that we use. */
export const HASH_BYTES = 32;
const HEX_BYTES_MAX = 65_536;
export const INT64_MAX = 2n ** 63n - 1n;
export const INT64_MIN = -(2n ** 63n);

export type TextFormat = "date" | "decimal" | "lei";

export type BoolSchema = { readonly kind: "bool" };
export type UintSchema = { readonly kind: "uint"; readonly min: number; readonly max: number };
export type IntSchema = { readonly kind: "int"; readonly min: bigint; readonly max: bigint };
export type TextSchema = {
  readonly kind: "text";
  readonly min: number;
  readonly max: number;
  readonly format?: TextFormat;
};
export type ChoiceSchema<T extends string = string> = {
  readonly kind: "choice";
  readonly values: readonly T[];
};
export type BytesSchema = { readonly kind: "bytes"; readonly min: number; readonly max: number };
export type HexSchema<T extends Hex = Hex> = {
  readonly kind: "hex";
  readonly min: number;
  readonly max: number;
  /** Never present: it carries the branded type only. */
  readonly brand?: T;
};
export interface ListSchema<T extends Schema = Schema> {
  readonly kind: "list";
  readonly item: T;
  readonly min: number;
  readonly max: number;
}
export interface OptionalSchema<T extends Schema = Schema> {
  readonly kind: "optional";
  readonly of: T;
}
export interface Fields {
  readonly [name: string]: Schema | OptionalSchema;
}
export interface RecordSchema<F extends Fields = Fields> {
  readonly kind: "record";
  readonly fields: F;
}
export interface Variants {
  readonly [name: string]: RecordSchema;
}
export interface UnionSchema<V extends Variants = Variants> {
  readonly kind: "union";
  readonly variants: V;
}
/** Breaks the cycle of a recursive schema; it has no data form, so bundles cannot carry it. */
export interface LazySchema<T = unknown> {
  readonly kind: "lazy";
  readonly of: () => Schema;
  /** Never present: it carries the type only. */
  readonly type?: T;
}

export type Schema =
  | BoolSchema
  | UintSchema
  | IntSchema
  | TextSchema
  | ChoiceSchema
  | BytesSchema
  | HexSchema
  | ListSchema
  | RecordSchema
  | UnionSchema
  | LazySchema;

type OptionalNames<F extends Fields> = {
  [K in keyof F]: F[K] extends OptionalSchema ? K : never;
}[keyof F];
type Flat<T> = { [K in keyof T]: T[K] };
type InferFields<F extends Fields> = Flat<
  { [K in Exclude<keyof F, OptionalNames<F>>]: F[K] extends Schema ? Infer<F[K]> : never } & {
    [K in OptionalNames<F>]?: F[K] extends OptionalSchema<infer T> ? Infer<T> : never;
  }
>;

/** The TypeScript type of the values that a schema admits. A union's variant stands in `kind`. */
export type Infer<S extends Schema> = S extends BoolSchema
  ? boolean
  : S extends UintSchema
    ? number
    : S extends IntSchema
      ? bigint
      : S extends TextSchema
        ? string
        : S extends ChoiceSchema<infer T>
          ? T
          : S extends BytesSchema
            ? Uint8Array
            : S extends HexSchema<infer T>
              ? T
              : S extends ListSchema<infer T>
                ? Infer<T>[]
                : S extends RecordSchema<infer F>
                  ? InferFields<F>
                  : S extends UnionSchema<infer V>
                    ? { [K in keyof V]: Flat<{ kind: K } & Infer<V[K]>> }[keyof V]
                    : S extends LazySchema<infer T>
                      ? T
                      : never;

export function bool(): BoolSchema {
  return { kind: "bool" };
}

/** An integer that a JavaScript number holds exactly. */
export function uint(range: { min?: number; max?: number } = {}): UintSchema {
  return { kind: "uint", min: range.min ?? 0, max: range.max ?? Number.MAX_SAFE_INTEGER };
}

/** A signed 64-bit integer, a bigint in memory: what PostgreSQL's bigint holds too. */
export function int(range: { min?: bigint; max?: bigint } = {}): IntSchema {
  return { kind: "int", min: range.min ?? INT64_MIN, max: range.max ?? INT64_MAX };
}

/** Text; `min` and `max` count UTF-8 bytes. */
export function text(options: { min?: number; max: number; format?: TextFormat }): TextSchema {
  const { min = 0, max, format } = options;
  return { kind: "text", min, max, ...(format === undefined ? {} : { format }) };
}

/** A calendar date of ISO 8601, `yyyy-mm-dd`, that exists. */
export function date(): TextSchema {
  return text({ min: 10, max: 10, format: "date" });
}

/** A decimal number in its one shortest form: `-?(0|[1-9]\d*)(\.\d*[1-9])?`, never `-0`. */
export function decimal(options: { max?: number } = {}): TextSchema {
  return text({ min: 1, max: options.max ?? 40, format: "decimal" });
}

/** A Legal Entity Identifier of ISO 17442-1, its check digits right. */
export function lei(): TextSchema {
  return text({ min: 20, max: 20, format: "lei" });
}

export function choice<const T extends string>(...values: T[]): ChoiceSchema<T> {
  return { kind: "choice", values };
}

export function bytes(options: { min?: number; max: number }): BytesSchema {
  return { kind: "bytes", min: options.min ?? 0, max: options.max };
}

/** Bytes on the wire, hexadecimal text in memory. */
export function hex<T extends Hex = Hex>(options: {
  length?: number;
  min?: number;
  max?: number;
}): HexSchema<T> {
  const { length, min = length ?? 0, max = length ?? HEX_BYTES_MAX } = options;
  return { kind: "hex", min, max };
}

export function list<T extends Schema>(
  item: T,
  options: { min?: number; max: number },
): ListSchema<T> {
  return { kind: "list", item, min: options.min ?? 0, max: options.max };
}

export function optional<T extends Schema>(of: T): OptionalSchema<T> {
  return { kind: "optional", of };
}

export function record<F extends Fields>(fields: F): RecordSchema<F> {
  return { kind: "record", fields };
}

/** On the wire a map of one entry, from the variant's name to its fields. */
export function union<V extends Variants>(variants: V): UnionSchema<V> {
  return { kind: "union", variants };
}

export function lazy<T>(of: () => Schema): LazySchema<T> {
  return { kind: "lazy", of };
}
