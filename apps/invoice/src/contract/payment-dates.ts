import { dayOf } from "@stateset/ledger/contract";
import type { Rule } from "./invoice-rules.ts";
import type { InvoiceState } from "./invoice-state.ts";

const DAY_MS = 86_400_000;

/**
 * Each invoice has one payment more, of what it counts as paid. Its day is that on which the time
 * window begins: the notary vouches for the window, so nobody can date a payment as it pleases.
 */
export function checkDates(
  updates: readonly { before: InvoiceState; after: InvoiceState }[],
  { from, until }: { from?: number; until?: number },
  rule: Rule,
): void {
  const isNarrow = from !== undefined && until !== undefined && until - from <= DAY_MS;
  for (const { before, after } of updates) {
    const amount = after.paidOnLedger - before.paidOnLedger;
    const expected = [...before.payments, { on: isNarrow ? dayOf(from) : "", amount }];
    rule("payment-dated", isNarrow && isSame(after.payments, expected), { from, until });
  }
}

function isSame(one: InvoiceState["payments"], other: InvoiceState["payments"]): boolean {
  return (
    one.length === other.length &&
    one.every(({ on, amount }, i) => on === other[i]?.on && amount === other[i]?.amount)
  );
}
