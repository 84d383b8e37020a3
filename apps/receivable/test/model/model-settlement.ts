import type { Day, ModelInvoice, ModelReceivable, ModelSettlement } from "./receivable-draft.ts";

/** Rates are counted in ten-billionths of a percent: "7.125" is 71 250 000 000. */
const PER_PERCENT = 10n ** 10n;
const PER_WHOLE = 100n * PER_PERCENT;

export function rateOf(text: string): bigint {
  const [whole = "", decimals = ""] = text.replace("-", "").split(".");
  const rate = BigInt(whole) * PER_PERCENT + BigInt(decimals.padEnd(10, "0"));
  return text.startsWith("-") ? -rate : rate;
}

export function partOf(amount: bigint, rate: string): bigint {
  return (amount * rateOf(rate)) / PER_WHOLE;
}

/**
 * The settlement, counted day by day: no intervals, no fractions, and by the two day counts that
 * ask for no calendar.
 */
export function settlementOn(
  day: Day,
  receivable: ModelReceivable,
  invoice: ModelInvoice,
  isRepurchase: boolean,
): ModelSettlement {
  const { advance, assignedOn, terms, face } = receivable;
  const collected = invoice.paid - receivable.paidBefore;
  const diluted = invoice.credited - receivable.creditedBefore;
  const since = lastOf(invoice.payments, collected);
  let fundsForDays = 0n;
  for (let each = assignedOn; each < day; each += 1) {
    let inUse = advance;
    for (const { on, amount } of since) if (on <= each) inUse -= amount;
    if (inUse > 0n) fundsForDays += inUse;
  }
  const year = terms.dayCount === "A004" ? 360n : 365n;
  const discount = (fundsForDays * rateOf(terms.discount)) / (PER_WHOLE * year);
  const fee = partOf(face, terms.fee);
  const missing = advance + discount + fee - collected;
  const amounts = { collected, diluted, discount, fee };
  if (missing <= 0n) return { ...amounts, released: -missing, charged: 0n };
  if (isRepurchase || terms.recourse !== undefined)
    return { ...amounts, released: 0n, charged: missing };
  const credited = terms.dilution ? diluted : 0n;
  return { ...amounts, released: 0n, charged: credited < missing ? credited : missing };
}

/** The last payments, as many as make up the sum. */
function lastOf(payments: ModelInvoice["payments"], sum: bigint): ModelInvoice["payments"] {
  const found: ModelInvoice["payments"] = [];
  let missing = sum;
  for (const payment of [...payments].reverse()) {
    if (missing <= 0n) break;
    missing -= payment.amount;
    found.push(payment);
  }
  return found;
}

export function endOf(before: ModelReceivable, invoice: ModelInvoice): string {
  if (invoice.status === "written-off") return "written-off";
  if (before.status === "defaulted") return "recovered";
  return invoice.paid > before.paidBefore ? "settled" : "diluted";
}
