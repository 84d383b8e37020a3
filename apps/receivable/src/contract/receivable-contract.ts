import { record } from "@stateset/codec/schema";
import { defineContract } from "@stateset/ledger/contract";
import { checkAssignment } from "./assignment-rules.ts";
import {
  checkCollection,
  checkDefault,
  checkOverdue,
  checkRecourse,
  checkRepurchase,
  checkSettlement,
} from "./collection-rules.ts";
import {
  checkAcceptance,
  checkDecline,
  checkExpiry,
  checkQuote,
  checkRequest,
  checkWithdrawal,
} from "./offer-rules.ts";
import { type Rule, receivableRules } from "./receivable-rules.ts";
import {
  type NoticeState,
  type OfferState,
  type ReceivableState,
  receivableStates,
} from "./receivable-state.ts";
import { checkNoticeEdge } from "./receivable-status.ts";
import type { Tx } from "./seen-states.ts";

const nothing = record({});
const one = { min: 1, max: 1 };
const byOwner = { ...one, signedBy: ["owner"] };
const byBoth = { ...one, signedBy: ["assignor", "owner"] };

const statusChanges = { changes: ["status"] };
const settlementChanges = {
  changes: ["status", "collected", "diluted", "discount", "fee", "released", "charged"],
};

/**
 * A lender buys what an invoice is still to bring: it pays an advance for the title, collects, and
 * settles with the assignor. All three states are the lender's to end, so that what the assignor or
 * the debtor does, the lender signs too.
 */
export const receivableContract = defineContract({
  name: "receivable",
  version: 1,
  reads: ["cash", "invoice"],
  states: receivableStates,
  rules: receivableRules,
  commands: {
    request: {
      data: nothing,
      creates: { offer: { ...one, signedBy: ["assignor"] } },
      verify(tx, rule) {
        for (const offer of tx.outputs.offer) checkRequest(offer, rule);
      },
    },
    quote: {
      data: nothing,
      updates: { offer: { ...byOwner, changes: ["status", "terms", "validUntil"] } },
      verify: ofOffer(checkQuote),
    },
    accept: {
      data: nothing,
      updates: { offer: { ...byBoth, ...statusChanges } },
      verify: ofOffer(checkAcceptance),
    },
    decline: {
      data: nothing,
      updates: { offer: { ...byOwner, ...statusChanges } },
      verify: ofOffer(checkDecline),
    },
    withdraw: {
      data: nothing,
      updates: { offer: { ...byOwner, ...statusChanges } },
      verify: ofOffer(checkWithdrawal),
    },
    expire: {
      data: nothing,
      updates: { offer: { ...byOwner, ...statusChanges } },
      verify: ofOffer(checkExpiry),
    },
    assign: {
      data: nothing,
      consumes: { offer: byBoth },
      creates: { receivable: one, notice: one },
      verify(tx, rule) {
        for (const offer of tx.inputs.offer) checkAssignment(offer, tx, rule);
      },
    },
    notify: {
      data: nothing,
      updates: { notice: { ...byOwner, ...statusChanges } },
      verify: ofNotice((update, rule) => checkNoticeEdge("notify", update, "given", rule)),
    },
    acknowledge: {
      data: nothing,
      updates: { notice: { ...one, signedBy: ["debtor", "owner"], ...statusChanges } },
      verify: ofNotice((update, rule) =>
        checkNoticeEdge("acknowledge", update, "acknowledged", rule),
      ),
    },
    collect: {
      data: nothing,
      updates: { receivable: { ...byOwner, changes: ["status", "collected", "diluted"] } },
      verify: ofReceivable(checkCollection),
    },
    settle: {
      data: nothing,
      updates: { receivable: { ...byOwner, ...settlementChanges } },
      verify: ofReceivable(checkSettlement),
    },
    "mark-overdue": {
      data: nothing,
      updates: { receivable: { ...byOwner, ...statusChanges } },
      verify: ofReceivable(checkOverdue),
    },
    "call-recourse": {
      data: nothing,
      updates: { receivable: { ...byOwner, ...statusChanges } },
      verify: ofReceivable(checkRecourse),
    },
    repurchase: {
      data: nothing,
      updates: {
        receivable: { ...byBoth, ...settlementChanges },
        notice: { ...byOwner, ...statusChanges },
      },
      verify(tx, rule) {
        for (const update of tx.updatesOf("receivable"))
          for (const notice of tx.updatesOf("notice")) checkRepurchase(update, notice, tx, rule);
      },
    },
    default: {
      data: nothing,
      updates: { receivable: { ...byOwner, ...statusChanges } },
      verify: ofReceivable(checkDefault),
    },
  },
});

type Check<State> = (update: { before: State; after: State }, tx: Tx, rule: Rule) => void;

function ofOffer(check: Check<OfferState>) {
  return (tx: Tx, rule: Rule) => {
    for (const update of tx.updatesOf("offer")) check(update, tx, rule);
  };
}

function ofReceivable(check: Check<ReceivableState>) {
  return (tx: Tx, rule: Rule) => {
    for (const update of tx.updatesOf("receivable")) check(update, tx, rule);
  };
}

function ofNotice(
  check: (update: { before: NoticeState; after: NoticeState }, rule: Rule) => void,
) {
  return (tx: Tx, rule: Rule) => {
    for (const update of tx.updatesOf("notice")) check(update, rule);
  };
}
