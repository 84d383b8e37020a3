import { isRate } from "./percentage.ts";
import type { Rule } from "./receivable-rules.ts";
import type { OfferState, Terms } from "./receivable-state.ts";
import { checkOfferEdge } from "./receivable-status.ts";
import type { Tx } from "./seen-states.ts";

type Update = { before: OfferState; after: OfferState };

export function checkRequest(offer: OfferState, rule: Rule): void {
  const { lender, assignor, debtor, face, currency, status, terms, validUntil } = offer;
  rule("parties-differ", new Set([lender.id, assignor.id, debtor.id]).size === 3);
  rule("face-positive", face > 0n, { face });
  rule("currency-form", /^[A-Z]{3}$/.test(currency), { currency });
  const isFresh = status === "requested" && terms === undefined && validUntil === undefined;
  rule("request-fresh", isFresh, { status });
  rule("lender-owns", offer.owner.identity === lender.id);
}

/** The lender names its terms, or other ones. */
export function checkQuote(update: Update, tx: Tx, rule: Rule): void {
  checkOfferEdge("quote", update, "offered", rule);
  const { terms, validUntil } = update.after;
  rule("terms-form", terms !== undefined && isTerms(terms), { ...terms });
  const { from } = tx.timeWindow;
  const isOpen = from !== undefined && validUntil !== undefined && validUntil > from;
  rule("valid-in-future", isOpen, { from, validUntil });
}

function isTerms({ advanceRate, discountRate, feeRate }: Terms): boolean {
  return advanceRate !== "0" && [advanceRate, discountRate, feeRate].every(isRate);
}

export function checkAcceptance(update: Update, tx: Tx, rule: Rule): void {
  checkOfferEdge("accept", update, "accepted", rule);
  checkValid(update.before, tx, rule);
}

/** Whatever is done with an offer in this transaction is done before the offer ends. */
export function checkValid({ validUntil }: OfferState, tx: Tx, rule: Rule): void {
  const { until } = tx.timeWindow;
  const isInTime = until !== undefined && validUntil !== undefined && until <= validUntil;
  rule("offer-valid", isInTime, { until, validUntil });
}

/** Whom the paper was put to says no: the lender to a request, the assignor to an offer. */
export function checkDecline(update: Update, tx: Tx, rule: Rule): void {
  checkOfferEdge("decline", update, "declined", rule);
  const { status, assignor } = update.before;
  rule("declined-by-asked", status !== "offered" || tx.isSigned(assignor));
}

/** Whoever made it takes it back: the assignor its request, the lender its offer. */
export function checkWithdrawal(update: Update, tx: Tx, rule: Rule): void {
  checkOfferEdge("withdraw", update, "withdrawn", rule);
  const { status, assignor } = update.before;
  rule("withdrawn-by-maker", status !== "requested" || tx.isSigned(assignor));
}

export function checkExpiry(update: Update, tx: Tx, rule: Rule): void {
  checkOfferEdge("expire", update, "expired", rule);
  const { validUntil } = update.before;
  const { from } = tx.timeWindow;
  const isOver = from !== undefined && validUntil !== undefined && from >= validUntil;
  rule("offer-expired", isOver, { from, validUntil });
}
