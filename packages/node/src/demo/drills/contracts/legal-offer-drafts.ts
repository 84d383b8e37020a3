import type { OfferState } from "@stateset/receivable/contract";
import type { DraftParty, LegalDraft } from "./draft.ts";
import {
  ASSIGNED_ON,
  command,
  type DraftStates,
  offerState,
  VALID_UNTIL,
  windowOn,
} from "./draft-states.ts";

export function offerDrafts(states: DraftStates): { [command: string]: LegalDraft[] } {
  const { parties, requested, offered, terms } = states;
  const { seller, lender } = parties;
  const update = (before: OfferState, change: Partial<OfferState>) => ({
    inputs: [offerState(before)],
    outputs: [offerState({ ...before, ...change })],
  });
  const timeWindow = windowOn(ASSIGNED_ON);
  const quoted = { status: "offered" as const, terms: terms(), validUntil: VALID_UNTIL };
  const answers = (name: string, status: "declined" | "withdrawn", alone: OfferState) => [
    {
      says: "signed by both",
      draft: {
        ...update(alone.status === "requested" ? offered() : requested(), { status }),
        ...own(name, seller, lender),
      },
      from: { offer: ["requested", "offered"] },
    },
    { says: "by the lender alone", draft: { ...update(alone, { status }), ...own(name, lender) } },
  ];
  return {
    request: [
      {
        draft: { inputs: [], outputs: [offerState(requested())], ...own("request", seller) },
        free: {
          offer: [
            ...["linearId", "invoice", "invoiceNumber", "debtor", "currency", "face", "dueDate"],
          ],
        },
      },
    ],
    quote: [
      {
        draft: { ...update(requested(), quoted), ...own("quote", lender), timeWindow },
        from: { offer: ["requested", "offered"] },
        free: { offer: ["terms", "validUntil"] },
      },
    ],
    accept: [
      {
        draft: {
          ...update(offered(), { status: "accepted" }),
          ...own("accept", seller, lender),
          timeWindow,
        },
        from: { offer: ["offered"] },
      },
    ],
    decline: answers("decline", "declined", requested()),
    withdraw: answers("withdraw", "withdrawn", offered()),
    expire: [
      {
        draft: {
          ...update(offered(), { status: "expired" }),
          ...own("expire", lender),
          timeWindow: { from: VALID_UNTIL },
        },
        from: { offer: ["offered", "accepted"] },
      },
    ],
  };
}

export function own(name: string, ...signers: DraftParty[]) {
  return { command: command("receivable", name, signers) };
}
