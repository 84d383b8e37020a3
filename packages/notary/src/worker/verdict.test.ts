import { fromHex, type Hash } from "@stateset/codec";
import { expect, test } from "vitest";
import { decodeVerdict, encodeVerdict, type Verdict } from "./verdict.ts";

const hash = "ab".repeat(32) as Hash;

test.each<[string, Verdict]>([
  ["notarised", { kind: "notarised", height: 7, index: 0 }],
  ["refused", { kind: "refused", fault: { kind: "notary/overloaded", retryAfterMs: 5 } }],
  [
    "refused with facts",
    { kind: "refused", fault: { kind: "notary/wrong-notary", expected: hash, found: hash } },
  ],
])("a verdict is read as it was written: %s", (_, verdict) => {
  expect(decodeVerdict(encodeVerdict(verdict))).toEqual(verdict);
});

test("the bytes are those that the chain writes", () => {
  // {"notarised": {"index": 1, "height": 24}}
  const bytes = fromHex(
    "a1696e6f746172697365 64a265696e64657801666865696768741818".replace(" ", ""),
  );
  expect(decodeVerdict(bytes)).toEqual({ kind: "notarised", height: 24, index: 1 });
});

test.each([
  // A node's answer with a receipt is none, nor is a height 0, another name, or more bytes.
  ["a1696e6f746172697365 64a1677265636569707480"],
  ["a1696e6f746172697365 64a265696e6465780166686569676874 00"],
  ["a1676f746865727300"],
  ["a1696e6f746172697365 64a265696e6465780166686569676874 181800"],
])("what is no verdict is not believed: %s", (bytes) => {
  expect(() => decodeVerdict(fromHex(bytes.replaceAll(" ", "")))).toThrow("codec/");
});
