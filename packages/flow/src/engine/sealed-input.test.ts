import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openInput, sealInput } from "./sealed-input.ts";

const secret = new Uint8Array(32).fill(7);
const id = "0190b5a0-7e11-7d3c-9b1a-1f2e3d4c5b6a";
const otherId = "0190b5a0-7e11-7d3c-9b1a-1f2e3d4c5b6b";
const input = JSON.stringify({ to: "Bob", amount: { minorUnits: "1000", currency: "CHF" } });
const sealed = sealInput(id, input, secret);
const contentOf = (text: string) => Buffer.from(text, "base64");

test("every input that JSON can say is read again", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.json(), (flowId, json) => {
      expect(openInput(flowId, sealInput(flowId, json, secret), secret)).toBe(json);
    }),
  );
});

test("it does not show what was sealed, but its length", () => {
  expect(sealed).toMatch(/^[A-Za-z0-9+/]+=*$/);
  expect(contentOf(sealed).includes("Bob")).toBe(false);
  expect(contentOf(sealed)).toHaveLength(16 + Buffer.byteLength(input) + 16);
});

test("the same input of the same flow is the same text", () => {
  expect(sealInput(id, input, secret)).toBe(sealed);
});

test.each([
  ["two inputs under one id", sealInput(id, input.replace("1000", "2000"), secret)],
  ["one input under two ids", sealInput(otherId, input, secret)],
  ["one input under two secrets", sealInput(id, input, new Uint8Array(32))],
])("%s have keys of their own", (_, other) => {
  const [one, two] = [contentOf(sealed), contentOf(other)];
  expect(two.subarray(0, 16)).not.toEqual(one.subarray(0, 16));
  // Under one key the same beginning would be the same ciphertext.
  expect(two.subarray(16, 32)).not.toEqual(one.subarray(16, 32));
});

describe("nothing is read", () => {
  test.each<[string, string, string, Uint8Array]>([
    ["under another id", otherId, sealed, secret],
    ["under another secret", id, sealed, new Uint8Array(32)],
    ["of an input in the clear", id, input, secret],
    ["of nothing", id, "", secret],
    ["of less than a salt", id, "AAAA", secret],
  ])("%s", (_, flowId, text, key) => {
    expect(openInput(flowId, text, key)).toBeUndefined();
  });

  test("where any byte was altered, or the end is missing", () => {
    const content = contentOf(sealed);
    for (let at = 0; at < content.length; at++) {
      const altered = Buffer.from(content);
      altered[at] = (altered[at] as number) ^ 1;
      expect(openInput(id, altered.toString("base64"), secret)).toBeUndefined();
      const cut = content.subarray(0, at).toString("base64");
      expect(openInput(id, cut, secret)).toBeUndefined();
    }
  });
});
