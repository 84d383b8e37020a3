/**
 * Exact decimals, without floats. The text form is that of XML Schema's `decimal`: an optional
 * sign, digits, and a point before decimals ("1234.50", "-.5", "7."); no exponent, no grouping.
 */

export type DecimalProblem = "not-a-decimal" | "too-many-decimals" | "out-of-range";
export type DecimalResult<T> = { readonly value: T } | { readonly problem: DecimalProblem };

/** Amounts fit a signed 64-bit integer, the width a database column and other languages have. */
export const MINOR_UNITS_MAX = 2n ** 63n - 1n;
/** Beyond any real quantity or price; the bound keeps products of two of them small. */
const INTEGER_DIGITS_MAX = 18;
export const DECIMALS_MAX = 12;

/** "1234.50" with 2 minor-unit digits is 123450n; extra decimals pass only if they are zeros. */
export function minorUnitsFromDecimal(
  text: string,
  minorUnitDigits: number,
): DecimalResult<bigint> {
  const parts = splitDecimal(text);
  if (parts === undefined) return { problem: "not-a-decimal" };
  if (parts.decimals.length > minorUnitDigits) return { problem: "too-many-decimals" };
  if (parts.integer.length > INTEGER_DIGITS_MAX + 1) return { problem: "out-of-range" };
  const magnitude = BigInt(parts.integer + parts.decimals.padEnd(minorUnitDigits, "0"));
  if (magnitude > MINOR_UNITS_MAX) return { problem: "out-of-range" };
  return { value: parts.negative ? -magnitude : magnitude };
}

/** One text per number: "+007.50" is "7.5", "-0.0" is "0", ".5" is "0.5". */
export function canonicalDecimal(text: string): DecimalResult<string> {
  const parts = splitDecimal(text);
  if (parts === undefined) return { problem: "not-a-decimal" };
  if (parts.decimals.length > DECIMALS_MAX) return { problem: "too-many-decimals" };
  if (parts.integer.length > INTEGER_DIGITS_MAX) return { problem: "out-of-range" };
  const magnitude = parts.decimals === "" ? parts.integer : `${parts.integer}.${parts.decimals}`;
  return { value: parts.negative && magnitude !== "0" ? `-${magnitude}` : magnitude };
}

interface DecimalParts {
  readonly negative: boolean;
  /** Without leading zeros, at least "0". */
  readonly integer: string;
  /** Without trailing zeros. */
  readonly decimals: string;
}

function splitDecimal(text: string): DecimalParts | undefined {
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = "", integer = "", decimals = ""] = match;
  if (integer === "" && decimals === "") return undefined;
  return {
    negative: sign === "-",
    integer: integer.replace(/^0+/, "") || "0",
    decimals: withoutTrailingZeros(decimals),
  };
}

/** A loop, because /0+$/ takes quadratic time on a long run of zeros that does not end the text. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end -= 1;
  return digits.slice(0, end);
}
