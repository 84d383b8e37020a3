import {
  choice,
  date,
  decimal,
  hex,
  type Infer,
  int,
  list,
  optional,
  record,
  text,
  uint,
} from "@stateset/codec/schema";
import {
  currencySchema,
  holderSchema,
  identityIdSchema,
  minorUnitsSchema,
  partySchema,
} from "@stateset/ledger/contract";

/** UBL's own bound is none; ours keeps a document's rules well within the gas of one contract. */
const LINES_MAX = 1000;
const ADJUSTMENTS_MAX = 100;
/** Of one invoice, each a transaction of its own. */
const PAYMENTS_MAX = 64;
const CASH_ISSUERS_MAX = 16;
const reference = text({ min: 1, max: 256 });
const vatFields = { vatCategory: text({ min: 1, max: 3 }), vatRate: optional(decimal()) };
const itemId = text({ min: 1, max: 128 });

/** An invoice line, BG-25. Amounts may be negative, as on lines that correct others. */
const lineSchema = record({
  id: text({ min: 1, max: 64 }),
  name: text({ min: 1, max: 1024 }),
  sellerItemId: optional(itemId),
  standardItemId: optional(itemId),
  quantity: decimal(),
  unit: text({ min: 1, max: 16 }),
  price: decimal(),
  priceBaseQuantity: optional(decimal()),
  netAmount: int(),
  ...vatFields,
});

/** An allowance (BG-20) or charge (BG-21) on the document as a whole. */
const adjustmentSchema = record({ amount: int(), ...vatFields });

const vatBreakdownSchema = record({ taxableAmount: int(), taxAmount: int(), ...vatFields });

/** BG-22, document totals, in minor units. */
const totalsSchema = record({
  lineNet: int(), // BT-106
  allowances: int(), // BT-107
  charges: int(), // BT-108
  withoutVat: int(), // BT-109
  vat: int(), // BT-110
  withVat: int(), // BT-112
  paid: int(), // BT-113
  rounding: int(), // BT-114
  payable: int(), // BT-115
});

/** What invoices and credit notes share: the document, by the names of EN 16931-1. */
const documentFields = {
  linearId: hex({ length: 16 }),
  number: text({ min: 1, max: 128 }), // BT-1
  issueDate: date(), // BT-2
  typeCode: text({ min: 1, max: 3 }), // BT-3
  currency: currencySchema, // BT-5
  orderReference: optional(reference), // BT-13
  contractReference: optional(reference), // BT-12
  seller: partySchema, // BG-4
  buyer: partySchema, // BG-7
  lines: list(lineSchema, { min: 1, max: LINES_MAX }), // BG-25
  allowances: list(adjustmentSchema, { max: ADJUSTMENTS_MAX }), // BG-20
  charges: list(adjustmentSchema, { max: ADJUSTMENTS_MAX }), // BG-21
  vatBreakdown: list(vatBreakdownSchema, { max: 64 }), // BG-23
  totals: totalsSchema,
  /** 0, or for a genuine twin of another document the next number. */
  ordinal: uint({ max: 0xffff }),
  /** The leaf of the private component that holds the document as it was sent. */
  source: hex({ length: 32 }),
  /** Who may claim what it is worth: of an invoice the current payee, of a credit note the buyer. */
  owner: holderSchema,
};

/** The responses of the Peppol Invoice Response that change a status, and the ends of the road. */
export const invoiceStatus = choice(
  "issued",
  "acknowledged", // AB
  "in-process", // IP
  "under-query", // UQ
  "conditionally-accepted", // CA
  "rejected", // RE
  "approved", // AP
  "partially-paid",
  "paid", // PD
  "credited",
  "void",
  "written-off",
);
export type InvoiceStatus = Infer<typeof invoiceStatus>;

export const invoiceSchema = record({
  ...documentFields,
  dueDate: optional(date()), // BT-9
  paymentReference: optional(reference), // BT-83
  /** Whose cash pays it: the identities of issuers that the seller, and whoever buys the claim, trust. */
  cashIssuers: list(identityIdSchema, { min: 1, max: CASH_ISSUERS_MAX }),
  status: invoiceStatus,
  /** Of the last response that needs one: why the buyer queries, rejects or accepts with terms. */
  clarification: optional(text({ min: 1, max: 16 })),
  /** Paid, and credited, by transactions on the ledger so far. */
  paidOnLedger: minorUnitsSchema,
  creditedOnLedger: minorUnitsSchema,
  /** What was paid on the ledger, and on which day (UTC). */
  payments: list(record({ on: date(), amount: minorUnitsSchema }), { max: PAYMENTS_MAX }),
});
export type InvoiceState = Infer<typeof invoiceSchema>;

/** What is still owed on an invoice, in minor units. */
export function outstandingOf({
  totals,
  paidOnLedger,
  creditedOnLedger,
}: Pick<InvoiceState, "totals" | "paidOnLedger" | "creditedOnLedger">): bigint {
  return totals.payable - paidOnLedger - creditedOnLedger;
}

export const creditNoteSchema = record({
  ...documentFields,
  /** The linear id of the invoice that it credits, and no other; BT-25 names it by its number. */
  precedingInvoice: optional(hex({ length: 16 })),
  /** Who owns that invoice, where it is no longer the seller: it hears of the note. */
  payee: optional(partySchema),
});
export type CreditNoteState = Infer<typeof creditNoteSchema>;

export type DocumentState = Omit<CreditNoteState, "precedingInvoice" | "payee">;
