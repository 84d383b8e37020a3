import { choice, type Infer } from "@stateset/codec/schema";
import type { Rule } from "./receivable-rules.ts";

export const offerStatus = choice(
  "requested",
  "offered",
  "accepted",
  "declined",
  "withdrawn",
  "expired",
);
export type OfferStatus = Infer<typeof offerStatus>;

export const receivableStatus = choice(
  "assigned",
  "collecting",
  "overdue",
  "recourse-called",
  "defaulted",
  "settled",
  "diluted",
  "repurchased",
  "recovered",
  "written-off",
);
export type ReceivableStatus = Infer<typeof receivableStatus>;

export const noticeStatus = choice("prepared", "given", "acknowledged", "released");
export type NoticeStatus = Infer<typeof noticeStatus>;

type Sources<Status> = Readonly<Record<string, readonly Status[]>>;
const LIVE: readonly ReceivableStatus[] = [
  "assigned",
  "collecting",
  "overdue",
  "recourse-called",
  "defaulted",
];

/** From which statuses each command may take an offer, a receivable, a notice. */
const OFFER_MAY_FOLLOW: Sources<OfferStatus> = {
  quote: ["requested", "offered"],
  accept: ["offered"],
  decline: ["requested", "offered"],
  withdraw: ["requested", "offered"],
  expire: ["offered", "accepted"],
};
const RECEIVABLE_MAY_FOLLOW: Sources<ReceivableStatus> = {
  collect: LIVE,
  settle: LIVE,
  "mark-overdue": ["assigned", "collecting"],
  "call-recourse": ["overdue"],
  repurchase: LIVE,
  default: ["overdue", "recourse-called"],
};
const NOTICE_MAY_FOLLOW: Sources<NoticeStatus> = {
  notify: ["prepared"],
  acknowledge: ["given"],
  repurchase: ["prepared", "given", "acknowledged"],
};

type Update<Status> = { before: { status: Status }; after: { status: Status } };
type EdgeCheck<Status> = (
  command: string,
  update: Update<Status>,
  expected: Status,
  rule: Rule,
) => void;

export const checkOfferEdge: EdgeCheck<OfferStatus> = edgeCheck(OFFER_MAY_FOLLOW);
export const checkReceivableEdge: EdgeCheck<ReceivableStatus> = edgeCheck(RECEIVABLE_MAY_FOLLOW);
export const checkNoticeEdge: EdgeCheck<NoticeStatus> = edgeCheck(NOTICE_MAY_FOLLOW);

function edgeCheck<Status>(sources: Sources<Status>): EdgeCheck<Status> {
  return (command, { before, after }, expected, rule) => {
    const mayGo = sources[command]?.includes(before.status) === true;
    rule("status-edge", mayGo && after.status === expected, {
      from: before.status,
      to: after.status,
    });
  };
}
