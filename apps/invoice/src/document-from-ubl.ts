import type { Leaf, Party } from "@stateset/ledger";
import type { Holder } from "@stateset/ledger/contract";
import type { CreditNoteState, DocumentState, InvoiceState } from "./contract/index.ts";
import type { UblAllowance } from "./ubl/ubl-allowances.ts";
import type { UblInvoice } from "./ubl/ubl-invoice.ts";
import type { UblLine } from "./ubl/ubl-lines.ts";

/** What a document does not say of itself: who is who on the network, and where its source lies. */
export type DocumentTerms = {
  linearId: string;
  seller: Party;
  buyer: Party;
  /** The seller, of an invoice; the buyer, of a credit note. */
  owner: Holder;
  /** 0, or for a genuine twin of another document the next number. */
  ordinal: number;
  /** The private component with the document as it was sent. */
  source: Leaf;
};

/** The state of a newly issued invoice. Free text and contacts stay behind, in private components. */
export function invoiceFromUbl(
  ubl: UblInvoice,
  { cashIssuers, ...terms }: DocumentTerms & Pick<InvoiceState, "cashIssuers">,
): InvoiceState {
  return {
    ...documentFromUbl(ubl, terms),
    ...(ubl.dueDate === undefined ? {} : { dueDate: ubl.dueDate }),
    ...(ubl.paymentReference === undefined ? {} : { paymentReference: ubl.paymentReference }),
    cashIssuers,
    status: "issued",
    paidOnLedger: 0n,
    creditedOnLedger: 0n,
    payments: [],
  };
}

/** The state of a newly issued credit note. */
export function creditNoteFromUbl(
  ubl: UblInvoice,
  terms: DocumentTerms & Pick<CreditNoteState, "precedingInvoice" | "payee">,
): CreditNoteState {
  const { precedingInvoice, payee, ...document } = terms;
  return {
    ...documentFromUbl(ubl, document),
    ...(precedingInvoice !== undefined && { precedingInvoice }),
    ...(payee !== undefined && { payee }),
  };
}

function documentFromUbl(ubl: UblInvoice, terms: DocumentTerms): DocumentState {
  const { vatInTaxCurrency: _, ...totals } = ubl.totals;
  const { orderReference, contractReference } = ubl;
  return {
    ...terms,
    number: ubl.number,
    issueDate: ubl.issueDate,
    typeCode: ubl.typeCode,
    currency: ubl.currency,
    ...(orderReference === undefined ? {} : { orderReference }),
    ...(contractReference === undefined ? {} : { contractReference }),
    lines: ubl.lines.map(lineFromUbl),
    allowances: ubl.allowances.map(adjustmentFromUbl),
    charges: ubl.charges.map(adjustmentFromUbl),
    vatBreakdown: ubl.vatBreakdown.map(({ taxable, vat, ...rest }) => ({
      taxableAmount: taxable,
      taxAmount: vat,
      ...vatOf(rest),
    })),
    totals,
  };
}

function lineFromUbl(line: UblLine): CreditNoteState["lines"][number] {
  const { id, name, quantity, unit, price, netAmount } = line;
  const { sellerItemId, standardItemId, priceBaseQuantity } = line;
  return {
    id,
    name,
    quantity,
    unit,
    price,
    netAmount,
    ...(priceBaseQuantity === undefined ? {} : { priceBaseQuantity }),
    ...(sellerItemId === undefined ? {} : { sellerItemId }),
    ...(standardItemId === undefined ? {} : { standardItemId: standardItemId.id }),
    ...vatOf(line),
  };
}

function adjustmentFromUbl(adjustment: UblAllowance) {
  return { amount: adjustment.amount, ...vatOf(adjustment) };
}

function vatOf({ vatCategory, vatRate }: { vatCategory: string; vatRate?: string }) {
  return { vatCategory, ...(vatRate === undefined ? {} : { vatRate }) };
}
