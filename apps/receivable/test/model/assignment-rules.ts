import { isDeepStrictEqual } from "node:util";
import { dayOfWindow, isNoticeOf, receives, theInvoice, when } from "./draft-view.ts";
import { partOf } from "./model-settlement.ts";
import { validFaults } from "./offer-rules.ts";
import {
  isOpen,
  type ModelOffer,
  type ModelReceivable,
  owed,
  type ReceivableDraft,
} from "./receivable-draft.ts";

const OFFERED = [
  ...(["invoice", "number", "lender", "assignor", "debtor"] as const),
  ...(["currency", "face", "due", "terms"] as const),
];

export function assignmentFaults(draft: ReceivableDraft): string[] {
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
