import { defineApp } from "@stateset/flow/app";
import { invoiceContract } from "./contract/index.ts";
import { creditInvoice, issueCreditNote, receiveCreditNote } from "./flows/credit-invoice.ts";
import { voidInvoice, writeOffInvoice } from "./flows/end-invoice.ts";
import { agreeToCommand } from "./flows/invoice-agreement.ts";
import { receiveNews } from "./flows/invoice-news.ts";
import { issueInvoice, receiveInvoice } from "./flows/issue-invoice.ts";
import { payInvoice, receivePayment } from "./flows/pay-invoice.ts";
import { respondToInvoice } from "./flows/respond-to-invoice.ts";
import { creditNoteTable, invoiceTable } from "./invoice-tables.ts";

export { formatMoney } from "./format-money.ts";
export { buildIssueTransaction, type IssueTerms } from "./issue-transaction.ts";
export { leiFromUbl, x500NameFromUbl } from "./name-from-ubl.ts";
export { UblError, type UblErrorCode, type UblFault } from "./ubl/ubl-error.ts";
export { readUbl, type UblInvoice } from "./ubl/ubl-invoice.ts";
export type { UblParty } from "./ubl/ubl-party.ts";

export default defineApp({
  name: "invoice",
  version: 1,
  description: "Invoices of EN 16931: issue, answer, pay and credit them",
  contract: invoiceContract,
  flows: [
    issueInvoice,
    respondToInvoice,
    payInvoice,
    issueCreditNote,
    creditInvoice,
    voidInvoice,
    writeOffInvoice,
  ],
  responders: [receiveInvoice, agreeToCommand, receivePayment, receiveCreditNote, receiveNews],
  tables: [invoiceTable, creditNoteTable],
});
