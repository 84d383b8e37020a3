import { INT64_MAX } from "@stateset/codec";
import type { Amount } from "./amount-schema.ts";
import { LedgerError } from "./ledger-error.ts";

/**
 * The sum of amounts of one currency.
 * @throws LedgerError `amount/currency-mismatch`, `amount/out-of-range`
 */
export function addAmounts(left: Amount, right: Amount): Amount {
  return amountOf(left.minorUnits + right.minorUnits, sharedCurrency(left, right));
}

/**
 * The difference of amounts of one currency, which must not be negative.
 * @throws LedgerError `amount/currency-mismatch`, `amount/out-of-range`
 */
export function subtractAmounts(left: Amount, right: Amount): Amount {
  return amountOf(left.minorUnits - right.minorUnits, sharedCurrency(left, right));
}

export function amountOf(minorUnits: bigint, currency: string): Amount {
  if (minorUnits < 0n || minorUnits > INT64_MAX)
    throw new LedgerError({ code: "amount/out-of-range", minorUnits });
  return { minorUnits, currency };
}

function sharedCurrency(left: Amount, right: Amount): string {
  if (left.currency !== right.currency)
    throw new LedgerError({
      code: "amount/currency-mismatch",
      left: left.currency,
      right: right.currency,
    });
  return left.currency;
}
