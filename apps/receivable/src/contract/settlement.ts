import type { InvoiceState } from "@stateset/invoice/contract";
import { type Interval, yearFraction } from "./day-count.ts";
import { floor, plus, times, whole, ZERO } from "./fraction.ts";
import { fractionOf, percentageOf } from "./percentage.ts";
import type { ReceivableState } from "./receivable-state.ts";
import type { ReceivableStatus } from "./receivable-status.ts";

/** What assignor and lender owe each other in the end, in minor units. */
export type Settlement = {
  /** Paid, and credited, since the assignment. */
  collected: bigint;
  diluted: bigint;
  /** What the lender keeps for the funds, and for its service. */
  discount: bigint;
  fee: bigint;
  /** What the lender pays to the assignor; what the assignor pays to the lender. */
  released: bigint;
  charged: bigint;
};

/**
 * The settlement on a day. Amounts are exact until they are rounded down to the minor unit, once:
 *
 *     face 100.00, advance 80.00, 6 % a year by Actual/360, fee 0.5 %, paid after 30 days:
 *     discount = floor(80.00 × 6/100 × 30/360) = 0.40, fee = 0.50
 *     released = 100.00 − 80.00 − 0.40 − 0.50 = 19.10
 *
 * @param on the day of the settlement, `yyyy-mm-dd`
 */
export function settlementOf(given: {
  receivable: ReceivableState;
  invoice: InvoiceState;
  on: string;
  isRepurchase: boolean;
}): Settlement {
  const { receivable, invoice, on, isRepurchase } = given;
  const { collected, diluted } = collectionOf(receivable, invoice);
  const discount = discountOf(receivable, invoice, on);
  const fee = percentageOf(receivable.face, receivable.terms.feeRate);
  const balance = collected - receivable.advance - discount - fee;
  const released = balance > 0n ? balance : 0n;
  const shortfall = balance < 0n ? -balance : 0n;
  const { recourseDays, dilutionRecourse } = receivable.terms;
  const isAnswerable = isRepurchase || recourseDays !== undefined;
  const answeredFor = isAnswerable ? shortfall : dilutionRecourse ? diluted : 0n;
  const charged = answeredFor < shortfall ? answeredFor : shortfall;
  return { collected, diluted, discount, fee, released, charged };
}

/** What a receivable is called once it is settled. What the lender gave up is not recovered. */
export function settledStatus(before: ReceivableState, invoice: InvoiceState): ReceivableStatus {
  if (invoice.status === "written-off") return "written-off";
  if (before.status === "defaulted") return "recovered";
  return collectionOf(before, invoice).collected > 0n ? "settled" : "diluted";
}

/** What the invoice was paid and credited since it was assigned. */
export function collectionOf(
  { paidBefore, creditedBefore }: Pick<ReceivableState, "paidBefore" | "creditedBefore">,
  { paidOnLedger, creditedOnLedger }: Pick<InvoiceState, "paidOnLedger" | "creditedOnLedger">,
): Pick<Settlement, "collected" | "diluted"> {
  return { collected: paidOnLedger - paidBefore, diluted: creditedOnLedger - creditedBefore };
}

export function advanceOf(face: bigint, advanceRate: string): bigint {
  return percentageOf(face, advanceRate);
}

/** On the funds in use between one payment and the next; the sum is rounded, not its parts. */
function discountOf(receivable: ReceivableState, invoice: InvoiceState, on: string): bigint {
  const { assignedOn, advance, terms } = receivable;
  const term: Interval = { from: assignedOn, until: on };
  let fundsForYears = ZERO;
  let funds = advance;
  let from = assignedOn;
  const accrueUntil = (until: string) => {
    fundsForYears = plus(
      fundsForYears,
      times(whole(funds), yearFraction(terms.dayCount, { from, until }, term)),
    );
    from = until;
  };
  for (const payment of paymentsSince(receivable, invoice, term)) {
    accrueUntil(payment.on);
    funds = funds > payment.amount ? funds - payment.amount : 0n;
  }
  accrueUntil(on);
  return floor(times(fundsForYears, fractionOf(terms.discountRate)));
}

/**
 * The payments within the term, by day. Windows overlap, so that a payment may be dated a day
 * before one that was made earlier, or before the assignment itself, and then counts as made on it.
 */
function paymentsSince(
  { paidBefore }: ReceivableState,
  { payments }: InvoiceState,
  { from, until }: Interval,
): InvoiceState["payments"] {
  let before = 0n;
  let first = 0;
  for (const { amount } of payments) {
    if (before >= paidBefore) break;
    before += amount;
    first += 1;
  }
  return payments
    .slice(first)
    .map((payment) => (payment.on < from ? { ...payment, on: from } : payment))
    .filter(({ on }) => on < until)
    .sort((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
}
