import { dayNumber, plusDays } from "@stateset/ledger/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DayCount, dayCountSchema, yearFraction } from "./day-count.ts";
import { type Fraction, plus, ZERO } from "./fraction.ts";

const fraction = (code: DayCount, from: string, until: string, term = { from, until }): Fraction =>
  yearFraction(code, { from, until }, term);
const isEqual = (one: Fraction, other: Fraction) =>
  one.numerator * other.denominator === other.numerator * one.denominator;
const isAtMost = (one: Fraction, other: Fraction) =>
  one.numerator * other.denominator <= other.numerator * one.denominator;
const over = (days: number, year: number): Fraction => ({
  numerator: BigInt(days),
  denominator: BigInt(year),
});

/**
 * ISDA, "30/360 Day Count Conventions" (22 December 2008): days by 30/360 (bond basis), and by
 * 30E/360, which are those of the basic rule.
 */
const BOND_AND_BASIC = rowsOf(`
  2006-08-20 2007-02-20 180 180
  2007-02-20 2007-08-20 180 180
  2007-08-20 2008-02-20 180 180
  2008-02-20 2008-08-20 180 180
  2008-08-20 2009-02-20 180 180
  2009-02-20 2009-08-20 180 180
  2006-02-28 2006-08-31 183 182
  2006-08-31 2007-02-28 178 178
  2007-02-28 2007-08-31 183 182
  2007-08-31 2008-02-29 179 179
  2008-02-29 2008-08-31 182 181
  2008-08-31 2009-02-28 178 178
  2009-02-28 2009-08-31 183 182
  2009-08-31 2010-02-28 178 178
  2010-02-28 2010-08-31 183 182
  2010-08-31 2011-02-28 178 178
  2011-02-28 2011-08-31 183 182
  2011-08-31 2012-02-29 179 179
  2006-01-31 2006-02-28 28 28
  2006-01-30 2006-02-28 28 28
  2006-02-28 2006-03-03 5 5
  2006-02-14 2006-02-28 14 14
  2006-09-30 2006-10-31 30 30
  2006-10-31 2006-11-28 28 28
  2007-08-31 2008-02-28 178 178
  2008-02-28 2008-08-28 180 180
  2008-02-28 2008-08-30 182 182
  2008-02-28 2008-08-31 183 182
  2007-02-26 2008-02-28 362 362
  2007-02-26 2008-02-29 363 363
  2008-02-29 2009-02-28 359 359
  2008-02-28 2008-03-30 32 32
  2008-02-28 2008-03-31 33 32
`);

/** The same, days by 30E/360 (ISDA), behind the termination date. */
const EUROBOND = rowsOf(`
  2006-08-20 2007-02-20 2009-08-20 180
  2007-08-20 2008-02-20 2009-08-20 180
  2009-02-20 2009-08-20 2009-08-20 180
  2006-02-28 2006-08-31 2012-02-29 180
  2006-08-31 2007-02-28 2012-02-29 180
  2007-08-31 2008-02-29 2012-02-29 180
  2008-02-29 2008-08-31 2012-02-29 180
  2011-02-28 2011-08-31 2012-02-29 180
  2011-08-31 2012-02-29 2012-02-29 179
  2006-01-31 2006-02-28 2008-02-29 30
  2006-01-30 2006-02-28 2008-02-29 30
  2006-02-28 2006-03-03 2008-02-29 3
  2006-02-14 2006-02-28 2008-02-29 16
  2006-09-30 2006-10-31 2008-02-29 30
  2006-10-31 2006-11-28 2008-02-29 28
  2007-08-31 2008-02-28 2008-02-29 178
  2007-02-28 2008-02-28 2008-02-29 358
  2007-02-28 2008-02-29 2008-02-29 359
  2008-02-29 2009-02-28 2008-02-29 360
  2008-02-29 2008-03-30 2008-02-29 30
  2008-02-29 2008-03-31 2008-02-29 30
`);

function rowsOf(table: string): [from: string, until: string, string, string][] {
  return table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" ") as [string, string, string, string]);
}

describe("the examples that ISDA published", () => {
  test.each(BOND_AND_BASIC)("A001 and A002, %s to %s", (from, until, bond, basic) => {
    expect(fraction("A001", from, until)).toEqual(over(Number(bond), 360));
    expect(fraction("A002", from, until)).toEqual(over(Number(basic), 365));
  });

  test.each(EUROBOND)("A007, %s to %s of a term until %s", (from, until, end, days) => {
    expect(fraction("A007", from, until, { from, until: end })).toEqual(over(Number(days), 360));
  });

  test("of actual days, over 360 and over 365 in every year", () => {
    expect(fraction("A004", "2007-08-31", "2008-02-29")).toEqual(over(182, 360));
    expect(fraction("A004", "2008-02-28", "2008-08-31")).toEqual(over(185, 360));
    expect(fraction("A005", "2007-08-31", "2008-02-29")).toEqual(over(182, 365));
    expect(fraction("A005", "2008-01-01", "2009-01-01")).toEqual(over(366, 365));
  });

  test("of Actual/Actual: yearly periods, as ISDA's memorandum of 1999 has them", () => {
    // 1 July 1999 to 1 July 2000 is one period of 366 days; 1 July 1998 to 1999 one of 365.
    const term = { from: "1998-07-01", until: "2000-07-01" };
    expect(isEqual(fraction("A006", "1999-07-01", "2000-07-01", term), over(1, 1))).toBe(true);
    expect(isEqual(fraction("A006", "1999-02-01", "1999-07-01", term), over(150, 365))).toBe(true);
  });
});

describe("days over those of a year of the term", () => {
  test("an interval that reaches into several years is counted in each apart", () => {
    const term = { from: "2026-10-01", until: "2028-12-31" };
    const found = fraction("A006", "2027-09-01", "2028-11-01", term);
    // 30 days of the year to October 2027 (365), one whole year (366), 31 days of the next (365).
    const parts = plus(plus(over(30, 365), over(366, 366)), over(31, 365));
    expect(isEqual(found, parts)).toBe(true);
    const by30 = fraction("A003", "2027-09-01", "2028-11-01", term);
    expect(isEqual(by30, plus(plus(over(30, 365), over(360, 366)), over(30, 365)))).toBe(true);
  });

  test("years that begin on a 29 February begin on the 28th where there is none", () => {
    const term = { from: "2024-02-29", until: "2028-02-29" };
    expect(isEqual(fraction("A006", "2024-02-29", "2025-02-28", term), over(1, 1))).toBe(true);
    expect(isEqual(fraction("A006", "2027-02-28", "2028-02-29", term), over(1, 1))).toBe(true);
    expect(isEqual(fraction("A006", "2024-02-29", "2028-02-29", term), over(4, 1))).toBe(true);
  });
});

const codes = dayCountSchema.values as readonly DayCount[];
const FIRST = dayNumber("2019-01-01");
const dates = fc.integer({ min: 0, max: 4000 }).map((days) => plusDays("1970-01-01", FIRST + days));
const intervals = fc
  .tuple(dates, fc.integer({ min: 0, max: 1500 }))
  .map(([from, days]) => ({ from, until: plusDays(from, days) }));
/** By these the days of two parts are those of the whole, wherever it is cut. */
const ADDITIVE: readonly DayCount[] = ["A002", "A003", "A004", "A005", "A006", "A007"];
const WHOLE_YEAR: [DayCount, Fraction][] = [
  ["A001", over(1, 1)],
  ["A002", over(360, 365)],
  ["A006", over(1, 1)],
  ["A007", over(1, 1)],
];

describe.each(codes)("%s", (code) => {
  test("is never negative, and nothing for no time", () => {
    fc.assert(
      fc.property(intervals, ({ from, until }) => {
        expect(fraction(code, from, until).numerator).toBeGreaterThanOrEqual(0n);
        expect(fraction(code, from, from)).toEqual(ZERO);
        expect(fraction(code, plusDays(until, 1), from)).toEqual(ZERO);
      }),
    );
  });

  test("does not fall from one day to the next", () => {
    fc.assert(
      fc.property(intervals, ({ from, until }) => {
        const next = plusDays(until, 1);
        expect(isAtMost(fraction(code, from, until), fraction(code, from, next))).toBe(true);
      }),
    );
  });
});

test.each(ADDITIVE)("%s is the sum of its parts", (code) => {
  fc.assert(
    fc.property(intervals, fc.integer({ min: 0, max: 1500 }), (term, days) => {
      const cut = plusDays(term.from, days);
      fc.pre(cut <= term.until);
      const parts = [
        fraction(code, term.from, cut, term),
        fraction(code, cut, term.until, term),
      ] as const;
      expect(isEqual(plus(...parts), fraction(code, term.from, term.until))).toBe(true);
    }),
  );
});

test.each(WHOLE_YEAR)("%s has just so much in a year", (code, year) => {
  fc.assert(
    fc.property(dates, (from) => {
      fc.pre(!from.endsWith("02-29") && !from.endsWith("02-28"));
      const next = `${Number(from.slice(0, 4)) + 1}${from.slice(4)}`;
      expect(isEqual(fraction(code, from, next), year)).toBe(true);
    }),
  );
});

test("A001 is not the sum of its parts: one that ends on a 31st counts it, a whole does not", () => {
  const parts = plus(
    fraction("A001", "2026-01-15", "2026-01-31"),
    fraction("A001", "2026-01-31", "2026-02-15"),
  );
  expect(isEqual(parts, over(31, 360))).toBe(true);
  expect(fraction("A001", "2026-01-15", "2026-02-15")).toEqual(over(30, 360));
});
