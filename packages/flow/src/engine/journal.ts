import {
  bytes,
  decode,
  encode,
  fromHex,
  hex,
  type Infer,
  list,
  optional,
  record,
  taggedHashBytes,
  text,
  toHex,
  utf8,
} from "@stateset/codec";
import type { JournalChunk } from "../ports/store.ts";

const FINGERPRINT_BYTES = 8;
/** A flow that needs more is a service; its journal would take too long to replay. */
export const JOURNAL_ENTRIES_MAX = 10_000;
const RESULT_BYTES_MAX = 34 << 20;

/** One effect: what was asked, as a fingerprint, and what came of it. */
const entrySchema = record({
  effect: text({ min: 1, max: 256 }),
  /** Of the arguments, so that code which has changed is noticed and not obeyed. */
  fingerprint: hex({ length: FINGERPRINT_BYTES }),
  result: optional(bytes({ max: RESULT_BYTES_MAX })),
  /** The problem that it ended with, where a flow may go on from it. */
  failure: optional(bytes({ max: RESULT_BYTES_MAX })),
});
export type JournalEntry = Infer<typeof entrySchema>;

const chunkSchema = list(entrySchema, { max: JOURNAL_ENTRIES_MAX });

export function encodeEntries(entries: readonly JournalEntry[]): Uint8Array {
  return encode(chunkSchema, [...entries]);
}

/** The entries of a journal's chunks, which may overlap where a commit was repeated. */
export function decodeJournal(chunks: readonly JournalChunk[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const { from, entries: encoded } of [...chunks].sort((a, b) => a.from - b.from)) {
    if (from > entries.length) throw new Error(`the journal lacks entries before ${from}`);
    entries.splice(from, entries.length, ...decode(chunkSchema, encoded));
  }
  return entries;
}

export function fingerprint(args: string | Uint8Array): string {
  const encoded = typeof args === "string" ? utf8(args) : args;
  return toHex(taggedHashBytes("node", encoded).subarray(0, FINGERPRINT_BYTES));
}

const MARKS = ["$bigint", "$hex", "$entries"];
const PLAIN_DEPTH_MAX = 8;
const textDecoder = new TextDecoder();

/** Plain values as bytes: JSON, with bigints and byte strings marked. */
export function encodeValue(value: unknown): Uint8Array {
  if (!mayNeedMarks(value)) return utf8(JSON.stringify(value) ?? "null");
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key, each) {
    // Some byte strings bring a form in JSON of their own, which stands in `each` already.
    const given = this[key];
    if (given instanceof Uint8Array) return { $hex: toHex(given) };
    if (typeof each === "bigint") return { $bigint: each.toString() };
    return looksMarked(each) ? { $entries: Object.entries(each) } : each;
  });
  return utf8(json ?? "null");
}

export function decodeValue(encoded: Uint8Array): unknown {
  const json = textDecoder.decode(encoded);
  if (!json.includes('"$')) return JSON.parse(json);
  return JSON.parse(json, (_, each) => {
    if (!looksMarked(each)) return each;
    const { $bigint, $hex, $entries } = each;
    if (typeof $bigint === "string") return BigInt($bigint);
    if (typeof $hex === "string") return fromHex($hex);
    return Object.fromEntries($entries as [string, unknown][]);
  });
}

/** Most values are names and ids, which JSON writes many times as fast without a look at each. */
function mayNeedMarks(value: unknown, depth = 0): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null) return false;
  if (depth > PLAIN_DEPTH_MAX) return true;
  if (Array.isArray(value)) return value.some((each) => mayNeedMarks(each, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype || looksMarked(value)) return true;
  for (const name in value) if (mayNeedMarks(value[name as never], depth + 1)) return true;
  return false;
}

/** Whether an object could be taken for a mark; data of others may well have such a key. */
function looksMarked(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return MARKS.some((mark) => Object.hasOwn(value, mark));
}
