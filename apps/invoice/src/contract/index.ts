export { invoiceContract } from "./invoice-contract.ts";
export {
  type CreditNoteState,
  creditNoteSchema,
  type DocumentState,
  type InvoiceState,
  type InvoiceStatus,
  invoiceSchema,
  outstandingOf,
} from "./invoice-state.ts";
export { type InvoiceResponse, RESPONSE_STATUS } from "./invoice-status.ts";
