import { when } from "./draft-view.ts";
import { rateOf } from "./model-settlement.ts";
import type { ModelOffer, ReceivableDraft } from "./receivable-draft.ts";

export function requestFaults(offer: ModelOffer): string[] {
  const { lender, assignor, debtor, face, currency, status, terms, validUntil, owner } = offer;
  const isSame = lender === assignor || lender === debtor || assignor === debtor;
  const isTouched = status !== "requested" || terms !== undefined || validUntil !== undefined;
  return [
    ...when(isSame, "parties-differ"),
    ...when(face <= 0n, "face-positive"),
    ...when(!["EUR", "CHF"].includes(currency), "currency-form"),
    ...when(isTouched, "request-fresh"),
    ...when(owner !== lender, "lender-owns"),
  ];
}

type OfferCheck = (draft: ReceivableDraft, before: ModelOffer, after: ModelOffer) => string[];
export const OFFER_RULES: { readonly [command: string]: { to: string; check: OfferCheck } } = {
  quote: {
    to: "offered",
    check: ({ window: { from } }, _, { terms, validUntil = 0 }) => [
      ...when(from === undefined || validUntil <= from, "valid-in-future"),
      ...when(terms === undefined || !isBearable(terms), "terms-form"),
    ],
  },
  accept: { to: "accepted", check: (draft, before) => validFaults(draft, before) },
  decline: {
    to: "declined",
    check: ({ signers }, { status, assignor }) =>
      when(status === "offered" && !signers.includes(assignor), "declined-by-asked"),
  },
  withdraw: {
    to: "withdrawn",
    check: ({ signers }, { status, assignor }) =>
      when(status === "requested" && !signers.includes(assignor), "withdrawn-by-maker"),
  },
  expire: {
    to: "expired",
    check: ({ window: { from } }, { validUntil = Number.POSITIVE_INFINITY }) =>
      when(from === undefined || from < validUntil, "offer-expired"),
  },
};

function isBearable({ advance, discount, fee }: NonNullable<ModelOffer["terms"]>): boolean {
  const rates = [advance, discount, fee].map(rateOf);
  const isFine = rates.every((rate) => rate % 10_000n === 0n);
  return isFine && rateOf(advance) > 0n && rates.every((rate) => rate >= 0n && rate <= 10n ** 12n);
}

export function validFaults(
  { window: { until } }: ReceivableDraft,
  { validUntil = 0 }: ModelOffer,
) {
  return when(until === undefined || until > validUntil, "offer-valid");
}
