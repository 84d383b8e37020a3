import type { CashState } from "@stateset/cash/contract";
import type { Rule } from "./invoice-rules.ts";
import type { CreditNoteState, InvoiceState, InvoiceStatus } from "./invoice-state.ts";
import { MAY_FOLLOW } from "./invoice-status.ts";

type Update = { before: InvoiceState; after: InvoiceState };

export function checkStatusEdge(
  step: string,
  { before, after }: Update,
  expected: InvoiceStatus,
  rule: Rule,
): void {
  const isAllowed = MAY_FOLLOW[step]?.includes(before.status) === true;
  rule("status-edge", isAllowed && after.status === expected, {
    from: before.status,
    to: after.status,
  });
}

/** Cash goes to the current payees only, each invoice's count of it rises by just that. */
export function checkPayment(
  updates: readonly Update[],
  cash: { inputs: { cash: CashState[] }; outputs: { cash: CashState[] } },
  rule: Rule,
): void {
  const counted = new Map<string, bigint>();
  for (const update of updates) {
    const { before, after } = update;
    const paid = after.paidOnLedger - before.paidOnLedger;
    rule("payment-positive", paid > 0n, { paid });
    const step = checkOutstanding(after, rule);
    checkStatusEdge("pay", update, step, rule);
    const payee = `${after.owner.identity}/${after.currency}`;
    counted.set(payee, (counted.get(payee) ?? 0n) + paid);
  }
  for (const [payee, paid] of counted) {
    const received = sumOf(cash.outputs.cash, payee) - sumOf(cash.inputs.cash, payee);
    rule("pays-current-payee", received === paid, { payee, received, paid });
  }
}

/** Credit notes of the same parties reduce what is owed by what they are worth. */
export function checkCredit(update: Update, notes: readonly CreditNoteState[], rule: Rule): void {
  const { before, after } = update;
  let worth = 0n;
  for (const note of notes) {
    const isOfThis =
      note.seller.id === before.seller.id &&
      note.buyer.id === before.buyer.id &&
      note.currency === before.currency;
    rule("credits-this-invoice", isOfThis, { creditNote: note.number });
    worth += note.totals.payable;
  }
  const credited = after.creditedOnLedger - before.creditedOnLedger;
  rule("credits-exactly", credited === worth, { credited, worth });
  checkStatusEdge("credit", update, checkOutstanding(after, rule), rule);
}

/** The status that an invoice has once this much is paid and credited. */
function checkOutstanding(invoice: InvoiceState, rule: Rule): InvoiceStatus {
  const { totals, paidOnLedger, creditedOnLedger } = invoice;
  const outstanding = totals.payable - paidOnLedger - creditedOnLedger;
  rule("not-overpaid", outstanding >= 0n, { outstanding });
  if (outstanding > 0n) return paidOnLedger > 0n ? "partially-paid" : "approved";
  return paidOnLedger > 0n ? "paid" : "credited";
}

function sumOf(states: readonly CashState[], payee: string): bigint {
  let sum = 0n;
  for (const { owner, amount } of states)
    if (`${owner.identity}/${amount.currency}` === payee) sum += amount.minorUnits;
  return sum;
}
