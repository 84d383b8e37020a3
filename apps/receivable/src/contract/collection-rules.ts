import type { InvoiceState, InvoiceStatus } from "@stateset/invoice/contract";
import { outstandingOf } from "@stateset/invoice/contract";
import { checkNotice } from "./assignment-rules.ts";
import type { Rule } from "./receivable-rules.ts";
import type { NoticeState, ReceivableState } from "./receivable-state.ts";
import { checkNoticeEdge, checkReceivableEdge } from "./receivable-status.ts";
import { changedInvoice, receivedBy, shownInvoice, type Tx } from "./seen-states.ts";
import { collectionOf, settledStatus, settlementOf } from "./settlement.ts";
import { daysAfter, windowDay } from "./window-day.ts";

type Update = { before: ReceivableState; after: ReceivableState };

/** The receivable follows the invoice. What is in default stays so, whatever still comes in. */
export function checkCollection(update: Update, tx: Tx, rule: Rule): void {
  const { before, after } = update;
  const isInDefault = before.status === "defaulted";
  checkReceivableEdge("collect", update, isInDefault ? "defaulted" : "collecting", rule);
  const { collected, diluted } = collectionOf(before, shownInvoice(before, tx, rule));
  const isCounted = after.collected === collected && after.diluted === diluted;
  rule("collects-what-was-paid", isCounted, { collected, diluted });
  const isMore = collected > before.collected || diluted > before.diluted;
  rule("collects-something", isMore, { collected, diluted });
}

const CLOSED: readonly InvoiceStatus[] = ["paid", "credited", "written-off"];

/**
 * The invoice brings nothing more, be it that the lender gave up the rest: what remains is between
 * lender and assignor, who gets what it is owed whatever the reason.
 */
export function checkSettlement(update: Update, tx: Tx, rule: Rule): void {
  const invoice = shownInvoice(update.before, tx, rule);
  const { status } = invoice;
  rule("invoice-closed", CLOSED.includes(status), { status });
  checkReceivableEdge("settle", update, settledStatus(update.before, invoice), rule);
  checkAmounts(update, { invoice, isRepurchase: false }, tx, rule);
}

/** The claim goes back, and with it the title: the assignor makes the lender whole. */
export function checkRepurchase(
  update: Update,
  notice: { before: NoticeState; after: NoticeState },
  tx: Tx,
  rule: Rule,
): void {
  checkReceivableEdge("repurchase", update, "repurchased", rule);
  checkNotice(notice.before, update.before, rule);
  checkNoticeEdge("repurchase", notice, "released", rule);
  const { lender, assignor } = update.before;
  const { before, after } = changedInvoice(update.before, tx, rule);
  const isBack = before.owner.identity === lender.id && after.owner.identity === assignor.id;
  rule("title-returns", isBack);
  checkAmounts(update, { invoice: after, isRepurchase: true }, tx, rule);
}

function checkAmounts(
  { before, after }: Update,
  { invoice, isRepurchase }: { invoice: InvoiceState; isRepurchase: boolean },
  tx: Tx,
  rule: Rule,
): void {
  const on = windowDay(tx.timeWindow, rule);
  const settlement = settlementOf({ receivable: before, invoice, on, isRepurchase });
  for (const [amount, due] of Object.entries(settlement)) {
    const found = after[amount as keyof typeof settlement];
    rule("settles-exactly", found === due, { amount, found, due });
  }
  const { lender, assignor, currency, terms } = before;
  const net = settlement.released - settlement.charged;
  const kind = { issuer: terms.cashIssuer, currency };
  const [assignorGets, lenderGets] = [assignor.id, lender.id].map((id) => receivedBy(id, kind, tx));
  rule("cash-settles", assignorGets === net && lenderGets === -net, {
    assignorGets,
    lenderGets,
    net,
  });
  rule("charged-agrees", settlement.charged === 0n || tx.isSigned(assignor));
}

export function checkOverdue(update: Update, tx: Tx, rule: Rule): void {
  checkReceivableEdge("mark-overdue", update, "overdue", rule);
  checkOwing(update.before, tx, rule);
  const overdue = daysAfter(windowDay(tx.timeWindow, rule), update.before.dueDate);
  rule("past-due", overdue > 0, { overdue });
}

export function checkRecourse(update: Update, tx: Tx, rule: Rule): void {
  checkReceivableEdge("call-recourse", update, "recourse-called", rule);
  checkOwing(update.before, tx, rule);
  const { dueDate, terms } = update.before;
  const { recourseDays } = terms;
  rule("recourse-agreed", recourseDays !== undefined);
  const overdue = daysAfter(windowDay(tx.timeWindow, rule), dueDate);
  rule("recourse-in-time", overdue <= (recourseDays ?? 0), { overdue, recourseDays });
}

export function checkDefault(update: Update, tx: Tx, rule: Rule): void {
  checkReceivableEdge("default", update, "defaulted", rule);
  checkOwing(update.before, tx, rule);
  const { dueDate, terms } = update.before;
  const overdue = daysAfter(windowDay(tx.timeWindow, rule), dueDate);
  rule("default-late", overdue > (terms.recourseDays ?? 0), { overdue });
}

/** Nobody is late with an invoice that is paid, or that the lender itself has given up. */
function checkOwing(before: ReceivableState, tx: Tx, rule: Rule): void {
  const invoice = shownInvoice(before, tx, rule);
  const outstanding = outstandingOf(invoice);
  const { status } = invoice;
  rule("still-owing", outstanding > 0n && status !== "written-off", { outstanding, status });
}
