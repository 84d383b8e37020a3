import {
  bool,
  date,
  decimal,
  hex,
  type Infer,
  optional,
  record,
  text,
  uint,
} from "@stateset/codec/schema";
import {
  currencySchema,
  holder,
  holderSchema,
  identityIdSchema,
  minorUnitsSchema,
  partySchema,
} from "@stateset/ledger/contract";
import { dayCountSchema } from "./day-count.ts";
import { noticeStatus, offerStatus, receivableStatus } from "./receivable-status.ts";

/** A hundred years: with it no date that the rules reach is out of sight. */
const DAYS_MAX = 36_500;

const linearId = hex({ length: 16 });
const days = uint({ max: DAYS_MAX });
/** ISO 20022 PercentageRate: percent as a decimal number, "7.125" being 7.125 %. */
const percentage = decimal({ max: 20 });

/** What assignor and lender agree on. */
export const termsSchema = record({
  /** Of the face value, paid at once. */
  advanceRate: percentage,
  /** A year, on the funds in use. */
  discountRate: percentage,
  /** Of the face value, once. */
  feeRate: percentage,
  dayCount: dayCountSchema,
  /** In whose cash all is paid between the two. */
  cashIssuer: identityIdSchema,
  /** How many days past due the invoice may be when it is assigned. */
  overdueDaysMax: days,
  /** How many days after the due date recourse may be called; absent, there is no recourse. */
  recourseDays: optional(days),
  /** Whether the assignor answers for credit notes, even without recourse. */
  dilutionRecourse: bool(),
});
export type Terms = Infer<typeof termsSchema>;

/** Which claim of whom against whom, in all three states alike. */
const claimFields = {
  linearId,
  /** The invoice's linear id, and its number. */
  invoice: linearId,
  invoiceNumber: text({ min: 1, max: 128 }),
  lender: partySchema,
  assignor: partySchema,
  debtor: partySchema,
  currency: currencySchema,
  /** The lender: nobody else can end any of the three. */
  owner: holderSchema,
};

export const offerSchema = record({
  ...claimFields,
  /** What the invoice is still to bring. */
  face: minorUnitsSchema,
  /** The invoice's; where it names none, the one that assignor and lender agree on. */
  dueDate: date(),
  status: offerStatus,
  terms: optional(termsSchema),
  /** Milliseconds since 1970. */
  validUntil: optional(uint()),
});
export type OfferState = Infer<typeof offerSchema>;

export const receivableSchema = record({
  ...claimFields,
  face: minorUnitsSchema,
  advance: minorUnitsSchema,
  /** Face value less advance: out of it come discount and fee, and the rest is released. */
  reserve: minorUnitsSchema,
  dueDate: date(),
  assignedOn: date(),
  terms: termsSchema,
  /** What the invoice counted as paid and credited when it was assigned. */
  paidBefore: minorUnitsSchema,
  creditedBefore: minorUnitsSchema,
  status: receivableStatus,
  /** Paid, and credited, since then. */
  collected: minorUnitsSchema,
  diluted: minorUnitsSchema,
  /** Of the settlement; nothing before it. */
  discount: minorUnitsSchema,
  fee: minorUnitsSchema,
  released: minorUnitsSchema,
  charged: minorUnitsSchema,
});
export type ReceivableState = Infer<typeof receivableSchema>;

export const noticeSchema = record({
  ...claimFields,
  /** The receivable's linear id. */
  receivable: linearId,
  /** The face value, and nothing of the price. */
  amount: minorUnitsSchema,
  status: noticeStatus,
});
export type NoticeState = Infer<typeof noticeSchema>;

const authority = holder("owner");
export const receivableStates = {
  offer: { schema: offerSchema, authority },
  receivable: { schema: receivableSchema, authority },
  notice: { schema: noticeSchema, authority },
} as const;
