import { choice, type Infer } from "@stateset/codec/schema";
import { dayNumber } from "@stateset/ledger/contract";
import { type Fraction, plus, ZERO } from "./fraction.ts";

/**
 * The first seven codes of ISO 20022's InterestComputationMethod2Code, with what each computes of
 * an interval: the days in it, over the days in a year. The section is that of the 2006 ISDA
 * Definitions. Days of "30" are 360 × years + 30 × months + days, of dates moved as said here.
 *
 * | | days | in a year |
 * |---|---|---|
 * | A001 | 30/360, section 4.16(f): a first 31st is a 30th; a last one too, if the first day is a 30th or 31st | 360 |
 * | A002 | 30-day months, basic rule: each 31st is a 30th | 365 |
 * | A003 | 30-day months, basic rule | those of the term's year |
 * | A004 | actual, section 4.16(e) | 360 |
 * | A005 | actual, section 4.16(d) | 365, in leap years too |
 * | A006 | actual, section 4.16(c), ICMA | those of the term's year |
 * | A007 | 30E/360 as ISO 20022 defines it, section 4.16(h): each 31st is a 30th, and so is the last day of February, but for the last day of the term | 360 |
 *
 * A003 and A006 divide by the days of a coupon period times the coupons in a year. Here are no
 * coupons: the periods are years, counted from the first day of the term (the assignment; where it
 * is a 29 February, the years begin on 28 February where there is no 29th). A year has 365 or 366
 * days, and an interval that reaches into several is counted in each apart.
 */
export const dayCountSchema = choice("A001", "A002", "A003", "A004", "A005", "A006", "A007");
export type DayCount = Infer<typeof dayCountSchema>;

/** From one day to another: the first counts, and the last does not. */
export type Interval = { readonly from: string; readonly until: string };

/**
 * Which part of a year an interval is, exactly; nothing where it ends before it begins.
 * @param term the whole time of which the interval is a part
 */
export function yearFraction(dayCount: DayCount, interval: Interval, term: Interval): Fraction {
  const { from, until } = interval;
  if (until <= from) return ZERO;
  switch (dayCount) {
    case "A001":
      return over(360, days30(dateOf(from), untilOfBondBasis(interval)));
    case "A002":
      return over(365, basicDays30(from, until));
    case "A003":
      return byYears(interval, term.from, basicDays30);
    case "A004":
      return over(360, actualDays(from, until));
    case "A005":
      return over(365, actualDays(from, until));
    case "A006":
      return byYears(interval, term.from, actualDays);
    case "A007":
      return over(360, days30(endOfMonth30(from), untilOfEurobond(interval, term)));
  }
}

function over(year: number, days: number): Fraction {
  return { numerator: BigInt(days), denominator: BigInt(year) };
}

function actualDays(from: string, until: string): number {
  return dayNumber(until) - dayNumber(from);
}

function basicDays30(from: string, until: string): number {
  return days30(dateOf(from), capped(dateOf(until)));
}

type CivilDate = { year: number; month: number; day: number };

/** As if every month had 30 days: a first 31st is a 30th in all of these conventions. */
function days30(first: CivilDate, last: CivilDate): number {
  const { year, month, day } = capped(first);
  return 360 * (last.year - year) + 30 * (last.month - month) + (last.day - day);
}

function capped(date: CivilDate): CivilDate {
  return { ...date, day: Math.min(date.day, 30) };
}

function untilOfBondBasis({ from, until }: Interval): CivilDate {
  return dateOf(from).day >= 30 ? capped(dateOf(until)) : dateOf(until);
}

function untilOfEurobond({ until }: Interval, term: Interval): CivilDate {
  return until === term.until ? capped(dateOf(until)) : endOfMonth30(until);
}

function endOfMonth30(text: string): CivilDate {
  const date = capped(dateOf(text));
  const isLast = date.month === 2 && date.day === (isLeap(date.year) ? 29 : 28);
  return isLast ? { ...date, day: 30 } : date;
}

/** Each part of the interval over the days of the year, counted from `start`, in which it lies. */
function byYears(
  { from, until }: Interval,
  start: string,
  daysOf: (from: string, until: string) => number,
): Fraction {
  let sum = ZERO;
  let years = Math.max(0, dateOf(from).year - dateOf(start).year - 1);
  for (let begin = anniversary(start, years); begin < until; years += 1) {
    const end = anniversary(start, years + 1);
    const part = { from: begin < from ? from : begin, until: end < until ? end : until };
    if (part.from < part.until)
      sum = plus(sum, over(actualDays(begin, end), daysOf(part.from, part.until)));
    begin = end;
  }
  return sum;
}

function anniversary(start: string, years: number): string {
  const year = dateOf(start).year + years;
  const monthAndDay = start.slice(4);
  const falls = monthAndDay === "-02-29" && !isLeap(year) ? "-02-28" : monthAndDay;
  return `${String(year).padStart(4, "0")}${falls}`;
}

function dateOf(text: string): CivilDate {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  return { year, month, day };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
