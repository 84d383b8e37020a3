import fc from "fast-check";
import { expect, test } from "vitest";
import { fractionOf, isRate, percentageOf } from "./percentage.ts";

test.each([
  ["7.125", 7125n, 100_000n],
  ["80", 80n, 100n],
  ["0", 0n, 100n],
  ["0.000001", 1n, 100_000_000n],
  ["100", 100n, 100n],
])("%s percent", (percentage, numerator, denominator) => {
  expect(fractionOf(percentage)).toEqual({ numerator, denominator });
});

test.each([
  ["0", true],
  ["0.000001", true],
  ["99.999999", true],
  ["100", true],
  ["100.000001", false],
  ["-0.5", false],
  ["-1", false],
  ["1.1234567", false],
])("%s is a rate: %s", (percentage, expected) => {
  expect(isRate(percentage)).toBe(expected);
});

test.each([
  [100_000n, "80", 80_000n],
  [99n, "50", 49n],
  [1n, "99.999999", 0n],
  [2n ** 63n - 1n, "100", 2n ** 63n - 1n],
  [12_345n, "7.125", 879n], // 879.58…
])("of %s, %s percent", (amount, percentage, expected) => {
  expect(percentageOf(amount, percentage)).toBe(expected);
});

test("rounded down: less than one minor unit is lost, and nothing is made", () => {
  const rates = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 999_999 }));
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), rates, (amount, [whole, part]) => {
      const rate = `${whole}.${String(part).padStart(6, "0")}`;
      const exact = amount * BigInt(whole * 1_000_000 + part);
      const found = percentageOf(amount, rate) * 100_000_000n;
      expect(found <= exact && exact - found < 100_000_000n).toBe(true);
    }),
  );
});
