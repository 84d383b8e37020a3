import { bool, decimal, optional, record, uint } from "@stateset/codec/schema";
import { defineFlow, FlowFailure } from "@stateset/flow/app";
import { dayCountSchema } from "../contract/day-count.ts";
import type { OfferState, Terms } from "../contract/receivable-state.ts";
import { changeState } from "./change-state.ts";
import { assertLender, assertRole, find } from "./held-state.ts";
import { offerInput, partyName } from "./receivable-input.ts";

/** As the contract bounds them. */
const DAYS_MAX = 36_500;
const HOUR_MS = 3_600_000;
const VALID_HOURS = 48;
const VALID_HOURS_MAX = 24 * 366;
const percentage = decimal({ max: 20 });

/** The lender says what it would pay, or improves what it said. */
export const quoteOffer = defineFlow({
  name: "receivable/quote",
  description: "Offer to buy a receivable that was shown, on these terms",
  input: record({
    ...offerInput.fields,
    /** Percent of the face value, paid at once. */
    advanceRate: percentage,
    /** Percent a year on the funds in use. */
    discountRate: percentage,
    /** Percent of the face value, once. */
    feeRate: percentage,
    /** ISO 20022 InterestComputationMethod, such as A004 for actual days over 360. */
    dayCount: dayCountSchema,
    /** In whose cash all is paid. */
    cashIssuer: partyName,
    validForHours: optional(uint({ min: 1, max: VALID_HOURS_MAX })),
    /** How many days past due the invoice may be at the assignment; none, where absent. */
    overdueDaysMax: optional(uint({ max: DAYS_MAX })),
    /** The days after the due date in which recourse may be called; no recourse, where absent. */
    recourseDays: optional(uint({ max: DAYS_MAX })),
    /** Whether the assignor answers for credit notes; it does, where absent. */
    dilutionRecourse: optional(bool()),
  }),
  async run(flow, input) {
    const held = await find(flow, "offer", input.offer);
    assertLender(flow, held);
    const { advanceRate, discountRate, feeRate, dayCount, recourseDays } = input;
    const issuer = await flow.party(input.cashIssuer);
    const terms: Terms = {
      ...{ advanceRate, discountRate, feeRate, dayCount },
      cashIssuer: issuer.id,
      overdueDaysMax: input.overdueDaysMax ?? 0,
      ...(recourseDays !== undefined && { recourseDays }),
      dilutionRecourse: input.dilutionRecourse ?? true,
    };
    const builder = await flow.build({ isDated: true });
    const from = builder.timeWindow.from as number;
    const validUntil = from + (input.validForHours ?? VALID_HOURS) * HOUR_MS;
    const transactionId = await changeState(flow, held, {
      command: "quote",
      change: { status: "offered", terms, validUntil },
      builder,
    });
    return { transactionId, validUntil: new Date(validUntil).toISOString() };
  },
});

/** The assignor takes an offer. Nothing has changed hands yet: the lender pays to assign. */
export const acceptOffer = defineFlow({
  name: "receivable/accept",
  description: "Accept a lender's offer",
  input: offerInput,
  async run(flow, { offer }) {
    const held = await find(flow, "offer", offer);
    assertRole(flow, held.state, "assignor");
    await assertValid(flow, held.state);
    const change = { status: "accepted" } as const;
    return { transactionId: await changeState(flow, held, { command: "accept", change }) };
  },
});

/** Who was asked says no: the lender to a request, the assignor to an offer. */
export const declineOffer = defineFlow({
  name: "receivable/decline",
  description: "Decline a request as its lender, or an offer as its assignor",
  input: offerInput,
  async run(flow, { offer }) {
    const held = await find(flow, "offer", offer);
    assertRole(flow, held.state, held.state.status === "requested" ? "lender" : "assignor");
    const change = { status: "declined" } as const;
    return { transactionId: await changeState(flow, held, { command: "decline", change }) };
  },
});

/** Who asked takes it back: the assignor its request, the lender its offer. */
export const withdrawOffer = defineFlow({
  name: "receivable/withdraw",
  description: "Withdraw a request as its assignor, or an offer as its lender",
  input: offerInput,
  async run(flow, { offer }) {
    const held = await find(flow, "offer", offer);
    assertRole(flow, held.state, held.state.status === "requested" ? "assignor" : "lender");
    const change = { status: "withdrawn" } as const;
    return { transactionId: await changeState(flow, held, { command: "withdraw", change }) };
  },
});

/** The lender closes an offer whose time is over. */
export const expireOffer = defineFlow({
  name: "receivable/expire",
  description: "Close an offer whose time is over",
  input: offerInput,
  async run(flow, { offer }) {
    const held = await find(flow, "offer", offer);
    assertLender(flow, held);
    const builder = await flow.build({ isDated: true });
    const change = { status: "expired" } as const;
    return { transactionId: await changeState(flow, held, { command: "expire", change, builder }) };
  },
});

async function assertValid(
  flow: { now(): Promise<number> },
  { validUntil, invoiceNumber }: OfferState,
): Promise<void> {
  if (validUntil === undefined || (await flow.now()) < validUntil) return;
  throw new FlowFailure("receivable/offer-over", "the offer's time is over: ask for another", {
    invoice: invoiceNumber,
    validUntil: new Date(validUntil).toISOString(),
  });
}
