export { findInvoice, type HeldInvoice, outstandingOf } from "./held-invoice.ts";
export { addInvoiceLeg } from "./invoice-leg.ts";
