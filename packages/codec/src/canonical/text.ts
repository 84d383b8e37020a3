import { CodecError } from "../codec-error.ts";
import type { TextFormat } from "./schema.ts";
import { isAssigned } from "./unicode-repertoire.ts";

const BEYOND_LATIN = /[^\0-\u0377]/;
export const DECIMAL = /^(?!-0$)-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/;
/** Check digits run from 02 to 98: 00, 01 and 99 would be second spellings of 97, 98 and 02. */
export const LEI = /^[0-9A-Z]{18}(?!00|01|99)[0-9]{2}$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const DAYS_BEFORE_LEAP = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Refuses text that has more than one encoding: lone surrogates, anything not in NFC, and characters
 * whose normal form another version of Unicode may yet define.
 */
export function assertCanonicalText(value: string): void {
  if (!value.isWellFormed()) throw new CodecError({ code: "codec/not-well-formed", found: value });
  if (BEYOND_LATIN.test(value)) assertAssigned(value);
  if (value.normalize("NFC") !== value)
    throw new CodecError({ code: "codec/not-nfc", found: value });
}

function assertAssigned(value: string): void {
  for (const character of value) {
    const codePoint = character.codePointAt(0) as number;
    if (isAssigned(codePoint)) continue;
    const found = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
    throw new CodecError({ code: "codec/unassigned-character", found });
  }
}

export function assertFormat(value: string, format: TextFormat): void {
  if (!FORMATS[format](value))
    throw new CodecError({ code: "codec/bad-format", format, found: value });
}

const FORMATS: Record<TextFormat, (value: string) => boolean> = {
  date: isDate,
  decimal: (value) => DECIMAL.test(value),
  lei: (value) => LEI.test(value) && mod97(value) === 1,
};

/** ISO/IEC 7064 MOD 97-10, letters counting 10 to 35. */
export function mod97(value: string): number {
  let remainder = 0;
  for (const character of value) {
    const digit = Number.parseInt(character, 36);
    remainder = (remainder * (digit > 9 ? 100 : 10) + digit) % 97;
  }
  return remainder;
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
