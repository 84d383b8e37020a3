export { findInvoice, type HeldInvoice, type InvoiceClue, outstandingOf } from "./held-invoice.ts";
export { addInvoiceLeg } from "./invoice-leg.ts";
