import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalDecimal, MINOR_UNITS_MAX, minorUnitsFromDecimal } from "./decimal.ts";

const MINOR_UNITS: readonly [string, number, bigint][] = [
  ["1234.50", 2, 123450n],
  ["1234.5", 2, 123450n],
  ["1234", 2, 123400n],
  ["12.500000", 2, 1250n],
  ["+7.", 2, 700n],
  ["-.05", 2, -5n],
  ["-0.00", 2, 0n],
  ["000123", 0, 123n],
  ["123.000", 0, 123n],
  ["1.234", 3, 1234n],
  ["0.0001", 4, 1n],
  ["92233720368547758.07", 2, MINOR_UNITS_MAX],
];

test.each(MINOR_UNITS)("%s with %i minor-unit digits is %s", (text, digits, value) => {
  expect(minorUnitsFromDecimal(text, digits)).toEqual({ value });
});

test.each([
  ["", 2, "not-a-decimal"],
  [".", 2, "not-a-decimal"],
  ["-", 2, "not-a-decimal"],
  ["1,5", 2, "not-a-decimal"],
  ["1.2.3", 2, "not-a-decimal"],
  ["1e3", 2, "not-a-decimal"],
  ["0x10", 2, "not-a-decimal"],
  ["INF", 2, "not-a-decimal"],
  ["1 000", 2, "not-a-decimal"],
  ["１２", 2, "not-a-decimal"],
  ["٣", 2, "not-a-decimal"],
  ["1\n", 2, "not-a-decimal"],
  ["--1", 2, "not-a-decimal"],
  ["1.005", 2, "too-many-decimals"],
  ["0.5", 0, "too-many-decimals"],
  ["92233720368547758.08", 2, "out-of-range"],
  ["9".repeat(20_000), 2, "out-of-range"],
] as const)("amount %j with %i minor-unit digits is %s", (text, digits, problem) => {
  expect(minorUnitsFromDecimal(text, digits)).toEqual({ problem });
});

test.each([
  ["25.00", "25"],
  ["+007.50", "7.5"],
  [".5", "0.5"],
  ["-0.0", "0"],
  ["-3.10", "-3.1"],
  ["0.000000000001", "0.000000000001"],
  ["999999999999999999", "999999999999999999"],
])("%s is canonically %s", (text, value) => {
  expect(canonicalDecimal(text)).toEqual({ value });
});

test.each([
  ["1/3", "not-a-decimal"],
  ["0.0000000000001", "too-many-decimals"],
  ["1000000000000000000", "out-of-range"],
])("decimal %s is %s", (text, problem) => {
  expect(canonicalDecimal(text)).toEqual({ problem });
});

/** Written independently of the parser: the text of an amount in minor units. */
function amountText(minorUnits: bigint, digits: number): string {
  const padded = (minorUnits < 0n ? -minorUnits : minorUnits).toString().padStart(digits + 1, "0");
  const split = padded.length - digits;
  return `${minorUnits < 0n ? "-" : ""}${padded.slice(0, split)}${digits === 0 ? "" : "."}${padded.slice(split)}`;
}

const minorUnits = fc.bigInt({ min: -MINOR_UNITS_MAX, max: MINOR_UNITS_MAX });
const digits = fc.constantFrom(0, 2, 3, 4);

test("every amount is read back exactly, with any zeros around it", () => {
  fc.assert(
    fc.property(minorUnits, digits, fc.nat(5), fc.nat(5), (value, digitCount, before, after) => {
      const text = amountText(value, digitCount);
      const decimals = digitCount === 0 && after > 0 ? `.${"0".repeat(after)}` : "0".repeat(after);
      const padded = text.replace(/^-?/, (sign) => `${sign}${"0".repeat(before)}`) + decimals;
      expect(minorUnitsFromDecimal(padded, digitCount)).toEqual({ value });
    }),
  );
});

test("one decimal beyond the minor unit is refused unless it is zero", () => {
  fc.assert(
    fc.property(
      minorUnits,
      fc.constantFrom(2, 3, 4),
      fc.integer({ min: 1, max: 9 }),
      (value, digitCount, digit) => {
        expect(
          minorUnitsFromDecimal(`${amountText(value, digitCount)}${digit}`, digitCount),
        ).toEqual({
          problem: "too-many-decimals",
        });
      },
    ),
  );
});

test("the canonical form is a fixed point and keeps the value", () => {
  const scaled = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
  fc.assert(
    fc.property(scaled, fc.integer({ min: 0, max: 12 }), (value, digitCount) => {
      fc.pre(digitCount > 0 || (value < 10n ** 18n && value > -(10n ** 18n)));
      const first = canonicalDecimal(amountText(value, digitCount));
      if (!("value" in first)) throw new Error(first.problem);
      expect(canonicalDecimal(first.value)).toEqual(first);
      expect(minorUnitsFromDecimal(first.value, digitCount)).toEqual({ value });
    }),
  );
});

test("any text gives a value or a problem, never an exception", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(Object.keys(canonicalDecimal(text))).toHaveLength(1);
      expect(Object.keys(minorUnitsFromDecimal(text, 2))).toHaveLength(1);
    }),
  );
});
