import type { CashState } from "@stateset/cash/contract";
import type { IdentityId } from "@stateset/ledger/contract";
import type { Rule } from "./invoice-rules.ts";
import {
  type CreditNoteState,
  type InvoiceState,
  type InvoiceStatus,
  outstandingOf,
} from "./invoice-state.ts";
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

/** Accepted cash goes to the current payees only; each invoice's count of it rises by just that. */
export function checkPayment(
  updates: readonly Update[],
  cash: { inputs: { cash: CashState[] }; outputs: { cash: CashState[] } },
  rule: Rule,
): void {
  const payees = new Map<string, { paid: bigint; issuers: readonly IdentityId[] }>();
  for (const update of updates) {
    const { before, after } = update;
    const paid = after.paidOnLedger - before.paidOnLedger;
    rule("payment-positive", paid > 0n, { paid });
    const step = checkOutstanding(after, rule);
    checkStatusEdge("pay", update, step, rule);
    const payee = `${after.owner.identity}/${after.currency}`;
    const others = payees.get(payee) ?? { paid: 0n, issuers: after.cashIssuers };
    const issuers = others.issuers.filter((each) => after.cashIssuers.includes(each));
    payees.set(payee, { paid: others.paid + paid, issuers });
  }
  for (const [payee, { paid, issuers }] of payees) {
    let received = 0n;
    for (const [issuer, amount] of receivedBy(payee, cash)) {
      rule("accepted-cash", amount <= 0n || issuers.includes(issuer), { payee, issuer, amount });
      received += amount;
    }
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
      note.currency === before.currency &&
      (note.precedingInvoice === undefined || note.precedingInvoice === before.linearId);
    rule("credits-this-invoice", isOfThis, { creditNote: note.number });
    worth += note.totals.payable;
  }
  const credited = after.creditedOnLedger - before.creditedOnLedger;
  rule("credits-exactly", credited === worth, { credited, worth });
  checkStatusEdge("credit", update, checkOutstanding(after, rule), rule);
}

/** The status that an invoice has once this much is paid and credited. */
function checkOutstanding(invoice: InvoiceState, rule: Rule): InvoiceStatus {
  const { paidOnLedger } = invoice;
  const outstanding = outstandingOf(invoice);
  rule("not-overpaid", outstanding >= 0n, { outstanding });
  if (outstanding > 0n) return paidOnLedger > 0n ? "partially-paid" : "approved";
  return paidOnLedger > 0n ? "paid" : "credited";
}

/** What a payee has more of at the end than at the beginning, by the cash's issuer. */
function receivedBy(
  payee: string,
  { inputs, outputs }: { inputs: { cash: CashState[] }; outputs: { cash: CashState[] } },
): Map<IdentityId, bigint> {
  const received = new Map<IdentityId, bigint>();
  const count = (states: readonly CashState[], sign: bigint) => {
    for (const { issuer, owner, amount } of states)
      if (`${owner.identity}/${amount.currency}` === payee)
        received.set(issuer.id, (received.get(issuer.id) ?? 0n) + sign * amount.minorUnits);
  };
  count(outputs.cash, 1n);
  count(inputs.cash, -1n);
  return received;
}
