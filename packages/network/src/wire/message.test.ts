import { RemoteFailure } from "@stateset/flow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NetworkError } from "../network-error.ts";
import { decodeFailure, decodeMessage, encodeFailure, encodeHead, type Head } from "./message.ts";

const LENGTH_BYTES = 4;
const heads: Head[] = [
  {
    kind: "hello",
    version: 0,
    network: "aa".repeat(32) as never,
    identity: "bb".repeat(32) as never,
    incarnation: "i",
    run: 3,
  },
  { kind: "frame" },
  { kind: "request", id: 0xffff_ffff, name: "notarise" },
  { kind: "answer", id: 1 },
  { kind: "failure", id: 2, code: "app/no" },
  { kind: "ping" },
  { kind: "pong" },
  { kind: "bye", reason: "network/stopped" },
];

test.each(heads)("$kind comes back as it was written", (head) => {
  const body = Uint8Array.of(1, 2, 3);
  const frame = Buffer.concat([encodeHead(head, body.length), body]);
  expect(frame.readUInt32BE(0)).toBe(frame.length - LENGTH_BYTES);
  const decoded = decodeMessage(frame.subarray(LENGTH_BYTES));
  expect(decoded.head).toEqual(head);
  expect([...decoded.body]).toEqual([1, 2, 3]);
});

test("whatever else arrives is malformed, and nothing worse", () => {
  const refused = (bytes: Uint8Array) => {
    try {
      decodeMessage(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(NetworkError);
      expect((error as NetworkError).code).toBe("network/frame-malformed");
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), refused), { numRuns: 2000 });
  // One bit of a valid message changed, or its end missing.
  for (const head of heads) {
    const valid = encodeHead(head).subarray(LENGTH_BYTES);
    for (let at = 0; at < valid.length * 8; at++) {
      const changed = Uint8Array.from(valid);
      changed[at >> 3] = (changed[at >> 3] as number) ^ (1 << (at & 7));
      refused(changed);
      refused(valid.subarray(0, at >> 3));
    }
  }
});

test.each<[string, unknown, string, Record<string, unknown>]>([
  ["a failure", new RemoteFailure("a/b", "m", { n: 1 }), "a/b", { n: 1 }],
  ["big integers", new RemoteFailure("a/b", "m", { n: 5n }), "a/b", { n: "5" }],
  ["too many facts", new RemoteFailure("a/b", "m", { n: "x".repeat(1 << 17) }), "a/b", {}],
  ["facts that refer to themselves", new RemoteFailure("a/b", "m", cyclic()), "a/b", {}],
  ["no proper code", new RemoteFailure("A b", "m", { n: 1 }), "network/failed", {}],
  ["another error", new Error("m"), "network/failed", {}],
  ["no error at all", 7, "network/failed", {}],
])("of %s crosses what may", (_, error, code, facts) => {
  const encoded = encodeFailure(error);
  const failure = decodeFailure(encoded.code, encoded.body);
  expect(failure.code).toBe(code);
  expect(failure.facts).toEqual(facts);
});

test.each([
  "",
  "{",
  "[]",
  "null",
  '{"message":1,"facts":{}}',
  '{"message":"m","facts":[]}',
  "\xff",
])("a failure of %j is malformed", (json) => {
  expect(() => decodeFailure("a/b", Buffer.from(json, "latin1"))).toThrow(
    expect.objectContaining({ code: "network/frame-malformed" }),
  );
});

function cyclic(): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  facts.facts = facts;
  return facts;
}
