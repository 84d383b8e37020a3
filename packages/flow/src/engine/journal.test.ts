import { describe, expect, test } from "vitest";
import {
  decodeJournal,
  decodeValue,
  encodeEntries,
  encodeValue,
  fingerprint,
  type JournalEntry,
} from "./journal.ts";

const entry = (effect: string): JournalEntry => ({ effect, fingerprint: fingerprint(effect) });
const chunk = (from: number, ...effects: string[]) => ({
  flowId: "f",
  from,
  entries: encodeEntries(effects.map(entry)),
});
const effects = (...chunks: Parameters<typeof decodeJournal>[0]) =>
  decodeJournal(chunks).map(({ effect }) => effect);

describe("chunks", () => {
  test("make one journal, in whatever order they are read", () => {
    expect(effects(chunk(2, "c"), chunk(0, "a", "b"), chunk(3, "d"))).toEqual(["a", "b", "c", "d"]);
  });

  test("may overlap where a commit was repeated, and the later one holds", () => {
    expect(effects(chunk(0, "a", "b", "c"), chunk(1, "b"))).toEqual(["a", "b"]);
  });

  test("with a gap are no journal", () => {
    expect(() => effects(chunk(0, "a"), chunk(2, "c"))).toThrow(/lacks entries before 2/);
    expect(() => effects(chunk(1, "b"))).toThrow(/lacks entries before 1/);
  });

  test("of none are an empty journal", () => {
    expect(decodeJournal([])).toEqual([]);
  });
});

test("an entry has a result, a failure, or neither", () => {
  const [result, failure] = [new Uint8Array([1, 2]), new Uint8Array([3])];
  const entries = [entry("a"), { ...entry("b"), result }, { ...entry("c"), failure }];
  expect(decodeJournal([{ flowId: "f", from: 0, entries: encodeEntries(entries) }])).toEqual(
    entries,
  );
});

describe("values", () => {
  test.each<[string, unknown, unknown?]>([
    ["plain", { a: [1, "two", true, null], b: { c: 2.5 } }],
    ["big integers", { amount: -(2n ** 80n), list: [1n] }],
    ["byte strings", { key: new Uint8Array([0, 255]) }],
    ["byte strings of Node's class", Buffer.from([1, 2]), new Uint8Array([1, 2])],
    ["nothing", undefined, null],
    ["what looks like a mark", { $bigint: "1", other: 1n }],
    ["what looks like a mark and is none", [{ $bigint: "x" }, { $hex: "zz" }, { $hex: 5 }]],
    ["what looks like an escaped mark", { $entries: [["$bigint", "1"]] }],
    ["a mark inside a mark", { $hex: { $bigint: { $entries: 7n } } }],
  ])("%s come back", (_, value, expected = value) => {
    expect(decodeValue(encodeValue(value))).toEqual(expected);
  });
});

test("a fingerprint tells arguments apart, as text and as bytes alike", () => {
  expect(fingerprint("a")).not.toBe(fingerprint("b"));
  expect(fingerprint("a")).toBe(fingerprint(new TextEncoder().encode("a")));
});
