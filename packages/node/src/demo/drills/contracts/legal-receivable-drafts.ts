import type { InvoiceState } from "@stateset/invoice/contract";
import {
  type NoticeState,
  plusDays,
  type ReceivableState,
  settlementOf,
} from "@stateset/receivable/contract";
import type { Draft, DraftParty, LegalDraft } from "./draft.ts";
import {
  ADVANCE,
  ASSIGNED_ON,
  command,
  type DraftStates,
  DUE,
  FACE,
  invoiceState,
  noticeState,
  offerState,
  receivableState,
  windowOn,
  withPayment,
} from "./draft-states.ts";
import { offerDrafts, own } from "./legal-offer-drafts.ts";

const LIVE = ["assigned", "collecting", "overdue", "recourse-called", "defaulted"];
const RECOURSE_DAYS = 30;
/** With recourse, and after it. */
const LATE = plusDays(DUE, RECOURSE_DAYS);
const TOO_LATE = plusDays(DUE, RECOURSE_DAYS + 1);

/**
 * A valid transaction for each command of the receivable contract, and from which statuses it may
 * be given. This is not taken from the contract: whatever else is tried must be refused.
 */
export function legalReceivableDrafts(states: DraftStates): { [command: string]: LegalDraft[] } {
  return {
    ...offerDrafts(states),
    assign: [assignment(states)],
    ...noticeDrafts(states),
    ...collectionDrafts(states),
    settle: settlements(states),
    repurchase: [repurchase(states)],
  };
}

/** The offer ends, receivable and notice begin, and the title moves against the advance. */
function assignment(states: DraftStates): LegalDraft {
  const { parties, offered, receivable, notice, invoice } = states;
  const { seller, lender } = parties;
  const draft: Draft = {
    inputs: [offerState(offered({ status: "accepted" }))],
    outputs: [receivableState(receivable()), noticeState(notice())],
    ...own("assign", lender, seller),
    timeWindow: windowOn(ASSIGNED_ON),
  };
  const titled = withTitle(draft, invoice({ status: "approved" }), seller, lender);
  return {
    draft: withPayment(titled, states, { from: lender, to: seller, amount: ADVANCE }),
    from: { offer: ["accepted"] },
    statusRule: "offer-accepted",
    free: { notice: ["linearId"] },
  };
}

function noticeDrafts({ parties, notice }: DraftStates): { [command: string]: LegalDraft[] } {
  const { buyer, lender } = parties;
  const update = (before: NoticeState, status: NoticeState["status"]) => ({
    inputs: [noticeState(before)],
    outputs: [noticeState({ ...before, status })],
  });
  return {
    notify: [
      {
        draft: { ...update(notice(), "given"), ...own("notify", lender) },
        from: { notice: ["prepared"] },
      },
    ],
    acknowledge: [
      {
        draft: {
          ...update(notice({ status: "given" }), "acknowledged"),
          ...own("acknowledge", buyer, lender),
        },
        from: { notice: ["given"] },
      },
    ],
  };
}

function collectionDrafts(states: DraftStates): { [command: string]: LegalDraft[] } {
  const { parties, receivable, invoice, terms } = states;
  const approved = invoice({ status: "approved" });
  const overdue = receivable({ status: "overdue", terms: terms({ recourseDays: RECOURSE_DAYS }) });
  const follows = (
    name: string,
    { before, change, shown, on }: Follow,
  ): Omit<LegalDraft, "from"> => ({
    draft: {
      inputs: [receivableState(before)],
      outputs: [receivableState({ ...before, ...change })],
      references: [invoiceState(shown)],
      ...own(name, parties.lender),
      ...(on !== undefined && { timeWindow: windowOn(on) }),
    },
  });
  const late = (name: string, status: ReceivableState["status"], on: string) =>
    follows(name, { before: overdue, change: { status }, shown: approved, on });
  const part = paid(states, [[ASSIGNED_ON, 1n]]);
  const collected = { status: "collecting" as const, collected: 1n };
  return {
    collect: [
      {
        ...follows("collect", { before: receivable(), change: collected, shown: part }),
        from: { receivable: LIVE },
        to: { defaulted: "defaulted" },
      },
    ],
    "mark-overdue": [
      {
        ...follows("mark-overdue", {
          ...{ before: receivable(), change: { status: "overdue" } },
          ...{ shown: approved, on: LATE },
        }),
        from: { receivable: ["assigned", "collecting"] },
      },
    ],
    "call-recourse": [
      {
        ...late("call-recourse", "recourse-called", LATE),
        from: { receivable: ["overdue"] },
      },
    ],
    default: [
      {
        ...late("default", "defaulted", TOO_LATE),
        from: { receivable: ["overdue", "recourse-called"] },
      },
    ],
  };
}

type Follow = {
  before: ReceivableState;
  change: Partial<ReceivableState>;
  shown: InvoiceState;
  on?: string;
};

/** One where the reserve covers the costs, and one where the assignor is charged. */
function settlements(states: DraftStates): LegalDraft[] {
  const { receivable, invoice, terms } = states;
  const recourse = terms({ recourseDays: RECOURSE_DAYS });
  return [
    {
      says: "with a release",
      draft: settlement(states, receivable(), paid(states, [[DUE, FACE]])),
      from: { receivable: LIVE },
      to: { defaulted: "recovered" },
    },
    {
      says: "with a charge",
      draft: settlement(
        states,
        receivable({ terms: recourse }),
        invoice({ status: "credited", creditedOnLedger: FACE }),
      ),
      from: { receivable: LIVE },
      to: { defaulted: "recovered" },
    },
  ];
}

function settlement(states: DraftStates, before: ReceivableState, shown: InvoiceState): Draft {
  const { seller, lender } = states.parties;
  const amounts = settlementOf({
    receivable: before,
    invoice: shown,
    on: DUE,
    isRepurchase: false,
  });
  const { released, charged, collected } = amounts;
  const status = collected > 0n ? "settled" : "diluted";
  const draft: Draft = {
    inputs: [receivableState(before)],
    outputs: [receivableState({ ...before, ...amounts, status })],
    references: [invoiceState(shown)],
    ...own("settle", lender, ...(charged > 0n ? [seller] : [])),
    timeWindow: windowOn(DUE),
  };
  const releasing = withPayment(draft, states, { from: lender, to: seller, amount: released });
  return withPayment(releasing, states, { from: seller, to: lender, amount: charged });
}

/** The claim goes back with its title and its notice, and the assignor pays what the lender lacks. */
function repurchase(states: DraftStates): LegalDraft {
  const { parties, receivable, notice, invoice, terms } = states;
  const { seller, lender } = parties;
  const before = receivable({ status: "overdue", terms: terms({ recourseDays: RECOURSE_DAYS }) });
  const given = notice({ status: "given" });
  const held = invoice({ status: "approved" });
  const amounts = settlementOf({
    ...{ receivable: before, invoice: held, on: TOO_LATE, isRepurchase: true },
  });
  const draft: Draft = {
    inputs: [receivableState(before), noticeState(given)],
    outputs: [
      receivableState({ ...before, ...amounts, status: "repurchased" }),
      noticeState({ ...given, status: "released" }),
    ],
    ...own("repurchase", lender, seller),
    timeWindow: windowOn(TOO_LATE),
  };
  const titled = withTitle(draft, held, lender, seller);
  return {
    draft: withPayment(titled, states, { from: seller, to: lender, amount: amounts.charged }),
    from: { receivable: LIVE, notice: ["prepared", "given", "acknowledged"] },
  };
}

function paid(
  { invoice }: DraftStates,
  payments: readonly (readonly [on: string, amount: bigint])[],
): InvoiceState {
  const paidOnLedger = payments.reduce((sum, [, amount]) => sum + amount, 0n);
  return invoice({
    status: paidOnLedger === FACE ? "paid" : "partially-paid",
    paidOnLedger,
    payments: payments.map(([on, amount]) => ({ on, amount })),
  });
}

function withTitle(draft: Draft, held: InvoiceState, from: DraftParty, to: DraftParty): Draft {
  return {
    ...draft,
    inputs: [...draft.inputs, invoiceState({ ...held, owner: from.holder() })],
    outputs: [...draft.outputs, invoiceState({ ...held, owner: to.holder() })],
    others: [...(draft.others ?? []), command("invoice", "transfer", [from, to])],
  };
}
