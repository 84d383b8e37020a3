export { leiFromUbl, x500NameFromUbl } from "./document-from-ubl.ts";
export { formatMoney } from "./format-money.ts";
export { buildIssueTransaction, type IssueTerms } from "./issue-transaction.ts";
export { UblError, type UblErrorCode, type UblFault } from "./ubl/ubl-error.ts";
export { readUbl, type UblInvoice } from "./ubl/ubl-invoice.ts";
export type { UblParty } from "./ubl/ubl-party.ts";
