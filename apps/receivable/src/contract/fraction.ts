/** An exact number, never negative: amounts are computed in these, and rounded once, at the end. */
export type Fraction = { readonly numerator: bigint; readonly denominator: bigint };

export const ZERO: Fraction = { numerator: 0n, denominator: 1n };

export function plus(one: Fraction, other: Fraction): Fraction {
  return reduced(
    one.numerator * other.denominator + other.numerator * one.denominator,
    one.denominator * other.denominator,
  );
}

export function times(one: Fraction, other: Fraction): Fraction {
  return reduced(one.numerator * other.numerator, one.denominator * other.denominator);
}

export function whole(value: bigint): Fraction {
  return { numerator: value, denominator: 1n };
}

/** Rounds down to a whole number. */
export function floor({ numerator, denominator }: Fraction): bigint {
  return numerator / denominator;
}

/** In lowest terms, so that a long sum does not grow beyond its summands. */
function reduced(numerator: bigint, denominator: bigint): Fraction {
  let [divisor, rest] = [denominator, numerator];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}
