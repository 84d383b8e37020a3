import type { StateTable } from "@stateset/flow/app";

type Column = StateTable["columns"][number];

/** Which claim of whom against whom. */
const CLAIM_COLUMNS: readonly Column[] = [
  { name: "linear_id", type: "text", path: "linearId" },
  { name: "invoice_id", type: "text", path: "invoice" },
  { name: "invoice_number", type: "text", path: "invoiceNumber" },
  { name: "lender_id", type: "text", path: "lender.id" },
  { name: "lender_name", type: "text", path: "lender.name" },
  { name: "assignor_id", type: "text", path: "assignor.id" },
  { name: "assignor_name", type: "text", path: "assignor.name" },
  { name: "debtor_id", type: "text", path: "debtor.id" },
  { name: "debtor_name", type: "text", path: "debtor.name" },
  { name: "currency", type: "text", path: "currency" },
  { name: "status", type: "text", path: "status" },
];

const TERMS_COLUMNS: readonly Column[] = [
  { name: "face", type: "integer", path: "face" },
  { name: "due_date", type: "date", path: "dueDate" },
  { name: "advance_rate", type: "text", path: "terms.advanceRate" },
  { name: "discount_rate", type: "text", path: "terms.discountRate" },
  { name: "fee_rate", type: "text", path: "terms.feeRate" },
  { name: "terms", type: "json", path: "terms" },
];

const INDEXES = [["linear_id"], ["invoice_id"], ["status"]];

/** What lenders were asked for and offered. */
export const offerTable: StateTable = {
  contract: "receivable",
  type: "offer",
  version: 1,
  columns: [
    ...CLAIM_COLUMNS,
    ...TERMS_COLUMNS,
    { name: "valid_until", type: "timestamp", path: "validUntil" },
  ],
  participants: ["lender", "assignor"],
  owner: "owner",
  indexes: INDEXES,
};

/** What was sold, at which price, and what has come of it; the debtor's vault does not keep it. */
export const receivableTable: StateTable = {
  contract: "receivable",
  type: "receivable",
  version: 1,
  columns: [
    ...CLAIM_COLUMNS,
    ...TERMS_COLUMNS,
    { name: "assigned_on", type: "date", path: "assignedOn" },
    { name: "advance", type: "integer", path: "advance" },
    { name: "reserve", type: "integer", path: "reserve" },
    { name: "collected", type: "integer", path: "collected" },
    { name: "diluted", type: "integer", path: "diluted" },
    { name: "discount", type: "integer", path: "discount" },
    { name: "fee", type: "integer", path: "fee" },
    { name: "released", type: "integer", path: "released" },
    { name: "charged", type: "integer", path: "charged" },
  ],
  participants: ["lender", "assignor"],
  owner: "owner",
  indexes: INDEXES,
};

/** Whom a debtor is to pay, as it was told. */
export const noticeTable: StateTable = {
  contract: "receivable",
  type: "notice",
  version: 1,
  columns: [
    ...CLAIM_COLUMNS,
    { name: "receivable_id", type: "text", path: "receivable" },
    { name: "amount", type: "integer", path: "amount" },
  ],
  participants: ["lender", "assignor", "debtor"],
  owner: "owner",
  indexes: INDEXES,
};
