import { isDeepStrictEqual } from "node:util";
import { endOf, partOf, rateOf, settlementOn } from "./model-settlement.ts";
import {
  type Change,
  type Day,
  dayOf,
  isOpen,
  type ModelInvoice,
  type ModelNotice,
  type ModelOffer,
  type ModelReceivable,
  owed,
  type ReceivableDraft,
} from "./receivable-draft.ts";
import { type Kind, stepsFrom } from "./status-table.ts";

const DAY_MS = 86_400_000;

/** The rules of its command that a draft breaks, as far as it has the states for them. */
export function brokenByCommand(draft: ReceivableDraft): string[] {
  const { command } = draft;
  const [offer] = draft.offers;
  const [receivable] = draft.receivables;
  if (command === undefined) return [];
  if (command === "request") return offer?.after === undefined ? [] : requestFaults(offer.after);
  if (command === "assign") return assignmentFaults(draft);
  const ofOffer = OFFER_RULES[command];
  if (ofOffer !== undefined)
    return both(offer, (before, after) => [
      ...edgeFaults("offers", command, before.status, after.status, ofOffer.to),
      ...ofOffer.check(draft, before, after),
    ]);
  if (command === "notify") return noticeFaults(draft, command, "given");
  if (command === "acknowledge") return noticeFaults(draft, command, "acknowledged");
  return both(receivable, (before, after) => receivableFaults(draft, command, before, after));
}

export function when(isBroken: boolean, rule: string): string[] {
  return isBroken ? [rule] : [];
}

function both<T>(change: Change<T> | undefined, check: (before: T, after: T) => string[]) {
  const { before, after } = change ?? {};
  return before === undefined || after === undefined ? [] : check(before, after);
}

function edgeFaults(kind: Kind, command: string, from: string, found: string, to: string) {
  return when(!stepsFrom(kind, from).includes(command) || found !== to, "status-edge");
}

function requestFaults(offer: ModelOffer): string[] {
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
const OFFER_RULES: { readonly [command: string]: { to: string; check: OfferCheck } } = {
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

function validFaults({ window: { until } }: ReceivableDraft, { validUntil = 0 }: ModelOffer) {
  return when(until === undefined || until > validUntil, "offer-valid");
}

function noticeFaults({ notices: [notice] }: ReceivableDraft, command: string, to: string) {
  return both(notice, (before, after) =>
    edgeFaults("notices", command, before.status, after.status, to),
  );
}

const OFFERED = [
  ...(["invoice", "number", "lender", "assignor", "debtor"] as const),
  ...(["currency", "face", "due", "terms"] as const),
];
const NOTIFIED = ["invoice", "number", "lender", "assignor", "debtor", "currency"] as const;

function assignmentFaults(draft: ReceivableDraft): string[] {
  const offer = draft.offers[0]?.before;
  const made = draft.receivables[0]?.after;
  const notice = draft.notices[0]?.after;
  if (offer === undefined || made === undefined || notice === undefined) return [];
  const day = dayOfWindow(draft);
  const { advance, reserve, terms, face, owner, assignedOn } = made;
  const paid = receives(draft, made.assignor, made);
  return [
    ...when(offer.status !== "accepted", "offer-accepted"),
    ...validFaults(draft, offer),
    ...when(!OFFERED.every((field) => isDeepStrictEqual(made[field], offer[field])), "as-offered"),
    ...when(owner !== offer.lender || notice.owner !== offer.lender, "lender-owns"),
    ...titleFaults(draft, offer, made),
    ...when(day === undefined || assignedOn !== day, "dated-by-window"),
    ...when((day ?? 0) - made.due > terms.overdueMax, "not-overdue"),
    ...when(advance !== partOf(face, terms.advance), "advance-as-agreed"),
    ...when(advance + reserve !== face, "reserve-is-rest"),
    ...when(paid !== advance, "cash-for-title"),
    ...when(made.status !== "assigned", "assigned-fresh"),
    ...when(
      [made.collected, made.diluted, made.discount, made.fee, made.released, made.charged].some(
        (amount) => amount !== 0n,
      ),
      "assigned-fresh",
    ),
    ...when(notice.status !== "prepared" || !isNoticeOf(notice, made), "notice-matches"),
  ];
}

function titleFaults(draft: ReceivableDraft, offer: ModelOffer, made: ModelReceivable): string[] {
  const before = theInvoice(
    draft.invoices.map((each) => each.before),
    offer,
  );
  const after = theInvoice(
    draft.invoices.map((each) => each.after),
    offer,
  );
  if (before === undefined || after === undefined) return ["invoice-shown"];
  const isStanding = made.paidBefore === before.paid && made.creditedBefore === before.credited;
  return [
    ...when(offer.face !== owed(before), "face-outstanding"),
    ...when(before.due !== undefined && before.due !== offer.due, "due-as-invoiced"),
    ...when(!isOpen(before), "invoice-approved"),
    ...when(before.owner !== offer.assignor || after.owner !== offer.lender, "title-moves"),
    ...when(!isStanding, "assigned-fresh"),
  ];
}

function isNoticeOf(notice: ModelNotice, of: ModelReceivable): boolean {
  const isThis = notice.receivable === of.id && notice.amount === of.face;
  return isThis && NOTIFIED.every((field) => notice[field] === of[field]);
}

type Given = { draft: ReceivableDraft; before: ModelReceivable; after: ModelReceivable };

function receivableFaults(
  draft: ReceivableDraft,
  command: string,
  before: ModelReceivable,
  after: ModelReceivable,
): string[] {
  const given = { draft, before, after };
  const edge = (to: string) => edgeFaults("receivables", command, before.status, after.status, to);
  if (command === "repurchase") return [...edge("repurchased"), ...repurchaseFaults(given)];
  const shown = theInvoice([...draft.shown, ...draft.invoices.map((each) => each.after)], before);
  if (shown === undefined) return ["invoice-shown", ...edge(LEADS_TO[command] ?? after.status)];
  if (command === "collect") {
    const to = before.status === "defaulted" ? "defaulted" : "collecting";
    return [...edge(to), ...collectionFaults(given, shown)];
  }
  if (command === "settle") {
    const isClosed = ["paid", "credited", "written-off"].includes(shown.status);
    return [
      ...edge(endOf(before, shown)),
      ...when(!isClosed, "invoice-closed"),
      ...amountFaults(given, shown, false),
    ];
  }
  return [
    ...edge(LEADS_TO[command] ?? ""),
    ...when(owed(shown) <= 0n || shown.status === "written-off", "still-owing"),
    ...lateFaults(given, command),
  ];
}

const LEADS_TO: { readonly [command: string]: string } = {
  "mark-overdue": "overdue",
  "call-recourse": "recourse-called",
  default: "defaulted",
};

function collectionFaults({ before, after }: Given, shown: ModelInvoice): string[] {
  const collected = shown.paid - before.paidBefore;
  const diluted = shown.credited - before.creditedBefore;
  const isCounted = after.collected === collected && after.diluted === diluted;
  const isMore = collected > before.collected || diluted > before.diluted;
  return [...when(!isCounted, "collects-what-was-paid"), ...when(!isMore, "collects-something")];
}

function lateFaults({ draft, before }: Given, command: string): string[] {
  const { due, terms } = before;
  const day = dayOfWindow(draft);
  const late = (day ?? 0) - due;
  const undated = when(day === undefined, "dated-by-window");
  if (command === "mark-overdue") return [...undated, ...when(late < 1, "past-due")];
  if (command === "default")
    return [...undated, ...when(late <= (terms.recourse ?? 0), "default-late")];
  const { recourse } = terms;
  return [
    ...undated,
    ...when(recourse === undefined, "recourse-agreed"),
    ...when(recourse !== undefined && late > recourse, "recourse-in-time"),
  ];
}

function repurchaseFaults(given: Given): string[] {
  const { draft, before } = given;
  const [invoices, notice] = [draft.invoices, draft.notices[0]];
  const was = theInvoice(
    invoices.map((each) => each.before),
    before,
  );
  const is = theInvoice(
    invoices.map((each) => each.after),
    before,
  );
  const ofNotice = both(notice, (old, released) => [
    ...edgeFaults("notices", "repurchase", old.status, released.status, "released"),
    ...when(!isNoticeOf(old, before), "notice-matches"),
  ]);
  if (was === undefined || is === undefined) return [...ofNotice, "invoice-shown"];
  const isBack = was.owner === before.lender && is.owner === before.assignor;
  return [...ofNotice, ...when(!isBack, "title-returns"), ...amountFaults(given, is, true)];
}

function amountFaults(given: Given, invoice: ModelInvoice, isRepurchase: boolean): string[] {
  const { draft, before, after } = given;
  const day = dayOfWindow(draft);
  if (day === undefined) return ["dated-by-window"];
  const due = settlementOn(day, before, invoice, isRepurchase);
  const isExact = (Object.keys(due) as (keyof typeof due)[]).every((of) => after[of] === due[of]);
  const toAssignor = receives(draft, before.assignor, before);
  const toLender = receives(draft, before.lender, before);
  const isPaid = toAssignor === due.released - due.charged && toLender === -toAssignor;
  const isUnasked = due.charged > 0n && !draft.signers.includes(before.assignor);
  return [
    ...when(!isExact, "settles-exactly"),
    ...when(!isPaid, "cash-settles"),
    ...when(isUnasked, "charged-agrees"),
  ];
}

/** The only one of that id, if it is of these parties. */
function theInvoice(among: ModelInvoice[], claim: ModelOffer | ModelReceivable) {
  const [found, ...more] = among.filter(({ id }) => id === claim.invoice);
  if (found === undefined || more.length > 0) return undefined;
  const { number, seller, buyer, currency } = found;
  const isOf =
    number === claim.number &&
    seller === claim.assignor &&
    buyer === claim.debtor &&
    currency === claim.currency;
  return isOf ? found : undefined;
}

function dayOfWindow({ window: { from, until } }: ReceivableDraft): Day | undefined {
  const isNarrow = from !== undefined && until !== undefined && until - from <= DAY_MS;
  return isNarrow ? dayOf(from) : undefined;
}

/** Of the issuer agreed on, in the claim's currency. */
function receives(draft: ReceivableDraft, name: string, { terms, currency }: ModelReceivable) {
  let net = 0n;
  for (const leg of draft.cash) {
    if (leg.issuer !== terms.issuer || leg.currency !== currency) continue;
    if (leg.to === name) net += leg.amount;
    if (leg.from === name) net -= leg.amount;
  }
  return net;
}
