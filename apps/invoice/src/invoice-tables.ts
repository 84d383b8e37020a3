import type { StateTable } from "@stateset/flow/app";

type Column = StateTable["columns"][number];

/** What invoices and credit notes have in common. */
const DOCUMENT_COLUMNS: readonly Column[] = [
  { name: "linear_id", type: "text", path: "linearId" },
  { name: "number", type: "text", path: "number" },
  { name: "issue_date", type: "date", path: "issueDate" },
  { name: "type_code", type: "text", path: "typeCode" },
  { name: "currency", type: "text", path: "currency" },
  { name: "payable", type: "integer", path: "totals.payable" },
  { name: "seller_id", type: "text", path: "seller.id" },
  { name: "seller_name", type: "text", path: "seller.name" },
  { name: "buyer_id", type: "text", path: "buyer.id" },
  { name: "buyer_name", type: "text", path: "buyer.name" },
  { name: "owner_id", type: "text", path: "owner.identity" },
  { name: "order_reference", type: "text", path: "orderReference" },
];

/** Invoices as a vault keeps them: those that this node's party sells, owes or owns. */
export const invoiceTable: StateTable = {
  contract: "invoice",
  type: "invoice",
  version: 1,
  columns: [
    ...DOCUMENT_COLUMNS,
    { name: "due_date", type: "date", path: "dueDate" },
    { name: "status", type: "text", path: "status" },
    { name: "clarification", type: "text", path: "clarification" },
    { name: "paid", type: "integer", path: "paidOnLedger" },
    { name: "credited", type: "integer", path: "creditedOnLedger" },
    { name: "payments", type: "json", path: "payments" },
  ],
  participants: ["seller", "buyer", "owner"],
  owner: "owner",
  indexes: [["linear_id"], ["number"], ["status", "due_date"]],
};

/** Credit notes that were not claimed yet, or ever. */
export const creditNoteTable: StateTable = {
  contract: "invoice",
  type: "credit-note",
  version: 1,
  columns: [...DOCUMENT_COLUMNS, { name: "invoice_id", type: "text", path: "precedingInvoice" }],
  participants: ["seller", "buyer", "owner", "payee"],
  owner: "owner",
  indexes: [["linear_id"], ["number"], ["invoice_id"]],
};
