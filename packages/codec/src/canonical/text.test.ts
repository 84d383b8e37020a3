import fc from "fast-check";
import { expect, test } from "vitest";
import { CodecError } from "../codec-error.ts";
import { decimal, text } from "./schema.ts";
import { decode, encode } from "./schema-codec.ts";
import { isDate } from "./text.ts";
import { isAssigned } from "./unicode-repertoire.ts";

const anyText = text({ max: 4096 });

test("text has an encoding if and only if it is well-formed, assigned and in NFC", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((u) => String.fromCharCode(u)) }), (value) => {
      const isKnown = [...value].every((each) => isAssigned(each.codePointAt(0) as number));
      const isCanonical = value.isWellFormed() && isKnown && value.normalize("NFC") === value;
      if (!isCanonical) expect(() => encode(anyText, value)).toThrow(CodecError);
      else expect(decode(anyText, encode(anyText, value))).toBe(value);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["a byte order mark", "\ufeffx"],
  ["NUL", "a\0b"],
  ["the last private-use character", "\u{10fffd}"],
  ["64 ASCII characters", "x".repeat(64)],
  ["65 ASCII characters", "x".repeat(65)],
  ["257 ASCII characters", "x".repeat(257)],
  ["a last character beyond ASCII", `${"x".repeat(63)}é`],
  ["Hangul", "한국"],
])("%s is kept as it is", (_, value) => {
  expect(decode(anyText, encode(anyText, value))).toBe(value);
});

test.each([
  ["2024-02-29", true],
  ["2000-02-29", true],
  ["0001-01-01", true],
  ["9999-12-31", true],
  ["2023-02-29", false],
  ["1900-02-29", false],
  ["2023-04-31", false],
  ["2023-00-01", false],
  ["2023-13-01", false],
  ["2023-01-00", false],
  ["0000-01-01", false],
  ["2023-1-1", false],
  ["2023-01-01\n", false],
  ["20230101", false],
  ["２０２３-01-01", false],
])("%j is a date: %s", (value, expected) => {
  expect(isDate(value)).toBe(expected);
});

test("dates are those of the calendar", () => {
  const parts = [fc.integer({ min: 1, max: 9999 }), fc.nat(14), fc.nat(33)] as const;
  fc.assert(
    fc.property(...parts, (year, month, day) => {
      const pad = (part: number, length: number) => String(part).padStart(length, "0");
      const value = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
      const parsed = new Date(`${value}T00:00:00Z`);
      const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
      expect(isDate(value)).toBe(exists);
    }),
    { numRuns: 2000 },
  );
});

test.each(["0", "1", "-1", "10", "0.5", "-0.5", "10.05", "123456789012345678901234567890.1"])(
  "%s is a decimal in its shortest form",
  (value) => {
    expect(decode(decimal(), encode(decimal(), value))).toBe(value);
  },
);

test.each(["-0", "00", "01", "1.0", "1.", ".5", "+1", "1e3", "-", "-0.0", "1\n", "٣", "1,5", " 1"])(
  "%j is not a decimal in its shortest form",
  (value) => {
    expect(() => encode(decimal(), value)).toThrow(/codec\/bad-format/);
  },
);
