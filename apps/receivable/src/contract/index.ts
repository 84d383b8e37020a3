export { dayOf, plusDays } from "@stateset/ledger/contract";
export { type DayCount, dayCountSchema, type Interval, yearFraction } from "./day-count.ts";
export { receivableContract } from "./receivable-contract.ts";
export type { NoticeState, OfferState, ReceivableState, Terms } from "./receivable-state.ts";
export { noticeSchema, offerSchema, receivableSchema, termsSchema } from "./receivable-state.ts";
export type { NoticeStatus, OfferStatus, ReceivableStatus } from "./receivable-status.ts";
export {
  advanceOf,
  type Settlement,
  settledStatus,
  settlementOf,
} from "./settlement.ts";
