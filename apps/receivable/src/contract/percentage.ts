import { type Fraction, floor, times, whole } from "./fraction.ts";

/** What a rate's text may have behind its point; ISO 20022 PercentageRate has ten. */
const DECIMALS_MAX = 6;

/** The number that a percentage stands for, exactly: "7.125" is 7125/100000. */
export function fractionOf(percentage: string): Fraction {
  const [integer = "0", decimals = ""] = percentage.split(".");
  return {
    numerator: BigInt(integer + decimals),
    denominator: 100n * 10n ** BigInt(decimals.length),
  };
}

/** So much percent of an amount, rounded down to the minor unit. */
export function percentageOf(amount: bigint, percentage: string): bigint {
  return floor(times(whole(amount), fractionOf(percentage)));
}

/** From 0 to 100 percent, of few enough decimals. */
export function isRate(percentage: string): boolean {
  const { numerator, denominator } = fractionOf(percentage);
  const decimals = percentage.split(".")[1] ?? "";
  const isSigned = percentage.startsWith("-");
  return !isSigned && numerator <= denominator && decimals.length <= DECIMALS_MAX;
}
