import { invoiceStep, withPayment, withWriteOff } from "./invoice-steps.ts";
import { BANKS, type Knobs, LENDERS, pick } from "./model-cast.ts";
import { endOf, partOf, settlementOn } from "./model-settlement.ts";
import {
  dayOf,
  isOpen,
  type ModelCash,
  type ModelInvoice,
  type ModelNotice,
  type ModelOffer,
  type ModelReceivable,
  type ModelTerms,
  type ModelWorld,
  type Name,
  owed,
  type ReceivableDraft,
} from "./receivable-draft.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An id that no other state has; a step may give out four. */
function newId(world: ModelWorld, of: 0 | 1 | 2 | 3): string {
  return (world.ids + of).toString(16).padStart(32, "0");
}

/** A window may begin before now, further than a notary lets it, so that days are out of order. */
function emptyDraft({ now }: ModelWorld, which: number): ReceivableDraft {
  const from = now - pick([0, 1, 0, 23, 96], which) * HOUR_MS;
  const window = { from, until: from + pick([600_000, DAY_MS, 1], which) };
  const none = { signers: [], offers: [], receivables: [], notices: [] };
  return { ...none, window, shown: [], invoices: [], cash: [], aside: [] };
}

/** What the parties would do, were they all honest; it may be too early or too late for it. */
export function draftOf(
  world: ModelWorld,
  command: string,
  knobs: Knobs,
): ReceivableDraft | undefined {
  const draft = emptyDraft(world, knobs.which);
  const nth = <T>(of: ReadonlyMap<string, T>) => [...of.values()][knobs.at % Math.max(1, of.size)];
  const [invoice, offer] = [nth(world.invoices), nth(world.offers)];
  const [receivable, notice] = [nth(world.receivables), nth(world.notices)];
  if (command === "request") return invoice && request(world, draft, invoice, knobs);
  if (["pay", "credit", "write-off"].includes(command))
    return invoice && invoiceStep(draft, command, invoice, knobs);
  if (command === "assign") return offer && assign(world, draft, offer);
  if (command === "notify" || command === "acknowledge")
    return notice && tell(draft, command, notice);
  if (OFFER_STEPS.includes(command)) return offer && answer(world, draft, command, offer, knobs);
  return receivable && follow(world, { ...draft, command }, receivable, knobs);
}

const ANSWERED: { readonly [command: string]: string } = {
  ...{ quote: "offered", accept: "accepted", decline: "declined" },
  ...{ withdraw: "withdrawn", expire: "expired" },
};
const OFFER_STEPS = Object.keys(ANSWERED);
export const COMMANDS = [
  ...["request", ...OFFER_STEPS, "assign", "notify", "acknowledge", "collect", "settle"],
  ...["mark-overdue", "call-recourse", "repurchase", "default", "pay", "credit", "write-off"],
];

function request(
  world: ModelWorld,
  draft: ReceivableDraft,
  invoice: ModelInvoice,
  { which }: Knobs,
): ReceivableDraft {
  const { id, number, seller, buyer, currency } = invoice;
  const lender = pick(LENDERS, which);
  const offer: ModelOffer = {
    ...{ id: newId(world, 0), invoice: id, number, currency, lender, owner: lender },
    ...{ assignor: seller, debtor: buyer, face: owed(invoice), status: "requested" },
    // Now and then an assignor names another day than its invoice, and a lender does not look.
    due: (which % 8 === 7 ? undefined : invoice.due) ?? dayOf(world.now) + (which % 30),
  };
  return { ...draft, command: "request", signers: [seller], offers: [{ after: offer }] };
}

export function termsOf(by: number): ModelTerms {
  const recourse = pick([undefined, 30, 0, 10, 60], by);
  return {
    advance: pick(["80", "82.5", "100", "50", "95.000001"], by),
    discount: pick(["6", "7.125", "0", "100", "0.000001", "12.5"], by >> 1),
    fee: pick(["0.5", "0", "1.25", "25"], by >> 2),
    dayCount: pick(["A004", "A005"], by >> 3),
    issuer: pick(BANKS, by >> 4),
    overdueMax: pick([3650, 20, 0, 5], by >> 5),
    ...(recourse !== undefined && { recourse }),
    dilution: (by >> 6) % 2 === 1,
  };
}

function answer(
  { now }: ModelWorld,
  draft: ReceivableDraft,
  command: string,
  before: ModelOffer,
  { terms, which }: Knobs,
): ReceivableDraft {
  const { owner, assignor, status } = before;
  const isAssignors =
    command === "accept" ||
    (command === "decline" && status !== "requested") ||
    (command === "withdraw" && status !== "offered");
  const validUntil = now + pick([20, 60, 5, 2], which) * DAY_MS;
  const change = {
    ...(command === "quote" && { terms: termsOf(terms), validUntil }),
    status: ANSWERED[command] ?? status,
  };
  return {
    ...{ ...draft, command, signers: isAssignors ? [assignor, owner] : [owner] },
    offers: [{ before, after: { ...before, ...change } }],
  };
}

function assign(world: ModelWorld, draft: ReceivableDraft, offer: ModelOffer) {
  const invoice = world.invoices.get(offer.invoice);
  if (invoice === undefined) return undefined;
  const { status: _, validUntil: __, terms = termsOf(0), ...claim } = offer;
  const { face, lender, assignor, currency } = offer;
  const advance = partOf(face, terms.advance);
  const none = { collected: 0n, diluted: 0n, discount: 0n, fee: 0n, released: 0n, charged: 0n };
  const receivable: ModelReceivable = {
    ...{ ...claim, id: newId(world, 1), terms, advance, reserve: face - advance, ...none },
    assignedOn: dayOf(draft.window.from ?? 0),
    ...{ paidBefore: invoice.paid, creditedBefore: invoice.credited, status: "assigned" },
  };
  const { face: amount, due: ___, ...named } = claim;
  const notice = { ...named, id: newId(world, 2), receivable: receivable.id, amount };
  return {
    ...{ ...sold(draft, invoice, lender), command: "assign", signers: [offer.owner, assignor] },
    offers: [{ before: offer }],
    receivables: [{ after: receivable }],
    notices: [{ after: { ...notice, status: "prepared" } }],
    cash: moved({ from: lender, to: assignor, issuer: terms.issuer, currency, amount: advance }),
  };
}

function sold(draft: ReceivableDraft, before: ModelInvoice, to: Name): ReceivableDraft {
  const ofInvoice = { command: "transfer" as const, signers: [...new Set([before.owner, to])] };
  return { ...draft, ofInvoice, invoices: [{ before, after: { ...before, owner: to } }] };
}

const moved = (leg: ModelCash): ModelCash[] => (leg.amount > 0n ? [leg] : []);

function tell(draft: ReceivableDraft, command: string, before: ModelNotice): ReceivableDraft {
  const { owner, debtor } = before;
  const [status, signers] =
    command === "notify" ? ["given", [owner]] : ["acknowledged", [debtor, owner]];
  const after = { ...before, status };
  return { ...draft, command, signers, notices: [{ before, after }] } as ReceivableDraft;
}

/** What the lender does about a receivable, with the invoice shown, or changed on the occasion. */
function follow(
  world: ModelWorld,
  draft: ReceivableDraft,
  before: ModelReceivable,
  knobs: Knobs,
): ReceivableDraft | undefined {
  const invoice = world.invoices.get(before.invoice);
  if (invoice === undefined) return undefined;
  const { command } = draft;
  const [notice] = [...world.notices.values()].filter((each) => each.receivable === before.id);
  if (command === "repurchase") return notice && repurchase(draft, before, invoice, notice);
  const isOccasion = isOpen(invoice) && knobs.which % 3 === 0;
  const seen =
    command === "collect" && isOccasion
      ? withPayment(draft, invoice, knobs)
      : command === "settle" && isOccasion
        ? withWriteOff(draft, invoice)
        : { ...draft, shown: [invoice] };
  const left = seen.invoices[0]?.after ?? invoice;
  if (command === "settle") {
    const settlement = settlementOn(dayOf(draft.window.from ?? 0), before, left, false);
    const after = { ...before, ...settlement, status: endOf(before, left) };
    return settledBetween({ ...seen, receivables: [{ before, after }] }, before, after);
  }
  const collection = command === "collect" && {
    collected: left.paid - before.paidBefore,
    diluted: left.credited - before.creditedBefore,
  };
  const status =
    command === "collect" && before.status === "defaulted" ? "defaulted" : LEADS_TO[command ?? ""];
  const after = { ...before, ...collection, status: status ?? before.status };
  return { ...seen, signers: [before.owner], receivables: [{ before, after }] };
}

const LEADS_TO: { readonly [command: string]: string } = {
  ...{ collect: "collecting", "mark-overdue": "overdue" },
  ...{ "call-recourse": "recourse-called", default: "defaulted" },
};

function repurchase(
  draft: ReceivableDraft,
  before: ModelReceivable,
  invoice: ModelInvoice,
  notice: ModelNotice,
): ReceivableDraft {
  const settlement = settlementOn(dayOf(draft.window.from ?? 0), before, invoice, true);
  const after = { ...before, ...settlement, status: "repurchased" };
  const returned = {
    ...{ ...sold(draft, invoice, before.assignor), receivables: [{ before, after }] },
    notices: [{ before: notice, after: { ...notice, status: "released" } }],
  };
  return settledBetween(returned, before, after);
}

function settledBetween(
  draft: ReceivableDraft,
  { owner, lender, assignor, terms, currency }: ModelReceivable,
  { released, charged }: ModelReceivable,
): ReceivableDraft {
  const kind = { issuer: terms.issuer, currency };
  const isBoth = charged > 0n || draft.command === "repurchase";
  return {
    ...draft,
    signers: isBoth ? [owner, assignor] : [owner],
    cash: [
      ...draft.cash,
      ...moved({ ...kind, from: lender, to: assignor, amount: released }),
      ...moved({ ...kind, from: assignor, to: lender, amount: charged }),
    ],
  };
}
