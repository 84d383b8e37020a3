export { findInvoice, type HeldInvoice, type InvoiceClue } from "./held-invoice.ts";
export { addInvoiceLeg } from "./invoice-leg.ts";
