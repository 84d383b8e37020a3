import { type InvoiceState, outstandingOf } from "@stateset/invoice/contract";
import { checkValid } from "./offer-rules.ts";
import type { Rule } from "./receivable-rules.ts";
import type { NoticeState, OfferState, ReceivableState } from "./receivable-state.ts";
import { changedInvoice, receivedBy, type Tx } from "./seen-states.ts";
import { advanceOf } from "./settlement.ts";
import { daysAfter, windowDay } from "./window-day.ts";

/** What a receivable takes from its offer as it stands. */
const OFFERED = [
  "invoice",
  "invoiceNumber",
  "lender",
  "assignor",
  "debtor",
  "currency",
  "face",
  "dueDate",
  "terms",
] as const satisfies (keyof OfferState & keyof ReceivableState)[];
/** What a notice takes from its receivable. */
const NOTIFIED = [
  "invoice",
  "invoiceNumber",
  "lender",
  "assignor",
  "debtor",
  "currency",
] as const satisfies (keyof NoticeState & keyof ReceivableState)[];

/** Title against cash: the lender gets the invoice, and the assignor the advance, or neither. */
export function checkAssignment(offer: OfferState, tx: Tx, rule: Rule): void {
  const [receivable] = tx.outputs.receivable;
  const [notice] = tx.outputs.notice;
  if (receivable === undefined || notice === undefined) return; // The counts forbid it.
  rule("offer-accepted", offer.status === "accepted", { status: offer.status });
  checkValid(offer, tx, rule);
  for (const field of OFFERED) {
    rule("as-offered", isSame(receivable[field], offer[field]), { field });
  }
  const { lender } = offer;
  rule(
    "lender-owns",
    receivable.owner.identity === lender.id && notice.owner.identity === lender.id,
  );
  const invoice = checkTitle(offer, tx, rule);
  checkDays(receivable, tx, rule);
  checkPrice(receivable, tx, rule);
  rule("assigned-fresh", isFresh(receivable, invoice), { status: receivable.status });
  checkNotice(notice, receivable, rule);
  rule("notice-matches", notice.status === "prepared", { status: notice.status });
}

function checkTitle(offer: OfferState, tx: Tx, rule: Rule): InvoiceState {
  const { before, after } = changedInvoice(offer, tx, rule);
  const outstanding = outstandingOf(before);
  rule("face-outstanding", offer.face === outstanding, { face: offer.face, outstanding });
  const { dueDate = offer.dueDate, status } = before;
  rule("due-as-invoiced", offer.dueDate === dueDate, { due: offer.dueDate, invoiced: dueDate });
  rule("invoice-approved", status === "approved" || status === "partially-paid", { status });
  const { assignor, lender } = offer;
  const isMoved = before.owner.identity === assignor.id && after.owner.identity === lender.id;
  rule("title-moves", isMoved);
  return before;
}

function checkDays({ assignedOn, dueDate, terms }: ReceivableState, tx: Tx, rule: Rule): void {
  const on = windowDay(tx.timeWindow, rule);
  rule("dated-by-window", assignedOn === on, { assignedOn, on });
  const overdue = daysAfter(on, dueDate);
  rule("not-overdue", overdue <= terms.overdueDaysMax, { overdue, max: terms.overdueDaysMax });
}

function checkPrice(receivable: ReceivableState, tx: Tx, rule: Rule): void {
  const { face, advance, reserve, terms, assignor, currency } = receivable;
  const agreed = advanceOf(face, terms.advanceRate);
  rule("advance-as-agreed", advance === agreed, { advance, agreed });
  rule("reserve-is-rest", reserve === face - advance, { reserve, rest: face - advance });
  const received = receivedBy(assignor.id, { issuer: terms.cashIssuer, currency }, tx);
  rule("cash-for-title", received === advance, { received, advance });
}

function isFresh(receivable: ReceivableState, invoice: InvoiceState): boolean {
  const { status, collected, diluted, discount, fee, released, charged } = receivable;
  return (
    status === "assigned" &&
    [collected, diluted, discount, fee, released, charged].every((amount) => amount === 0n) &&
    receivable.paidBefore === invoice.paidOnLedger &&
    receivable.creditedBefore === invoice.creditedOnLedger
  );
}

export function checkNotice(notice: NoticeState, receivable: ReceivableState, rule: Rule): void {
  const isOfThis = notice.receivable === receivable.linearId && notice.amount === receivable.face;
  const isEqual = NOTIFIED.every((field) => isSame(notice[field], receivable[field]));
  rule("notice-matches", isOfThis && isEqual, { notice: notice.linearId });
}

type Plain = string | number | bigint | boolean | undefined | { readonly [field: string]: Plain };

/** Whether two values of a state are the same, field by field. */
function isSame(one: Plain, other: Plain): boolean {
  if (typeof one !== "object" || typeof other !== "object") return one === other;
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].every((field) => isSame(one[field], other[field]));
}
