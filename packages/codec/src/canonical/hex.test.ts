import fc from "fast-check";
import { expect, test } from "vitest";
import { CodecError } from "../codec-error.ts";
import { fromHex, toHex } from "./hex.ts";

test("bytes and their text stand for each other", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

test.each(["0", "abc", "AB", "0x", "g0", " 0", "00 ", "é0", "\u{ff10}0", "0\u0130", "0\u4e00"])(
  "%j is refused",
  (text) => {
    expect(() => fromHex(text)).toThrow(CodecError);
  },
);
