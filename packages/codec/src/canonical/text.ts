import { CodecError } from "../codec-error.ts";
import type { TextFormat } from "./schema.ts";

const DECIMAL = /^(?!-0$)-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const DAYS_BEFORE_LEAP = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Refuses text that has more than one encoding: lone surrogates, and anything not in NFC. */
export function assertCanonicalText(value: string): void {
  if (!value.isWellFormed()) throw new CodecError({ code: "codec/not-well-formed", found: value });
  if (value.normalize("NFC") !== value)
    throw new CodecError({ code: "codec/not-nfc", found: value });
}

export function assertFormat(value: string, format: TextFormat): void {
  const holds = format === "date" ? isDate(value) : DECIMAL.test(value);
  if (!holds) throw new CodecError({ code: "codec/bad-format", format, found: value });
}

/** True for a date of the proleptic Gregorian calendar, years 0001 to 9999. */
export function isDate(value: string): boolean {
  const match = DATE.exec(value);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = (DAYS_BEFORE_LEAP[month - 1] ?? 0) + (leap ? 1 : 0);
  return year >= 1 && day >= 1 && day <= days;
}
