import { readAllowances, type UblAllowance } from "./ubl-allowances.ts";
import { shown, UblError } from "./ubl-error.ts";
import {
  attributeOf,
  childrenOf,
  currencyAt,
  dateAt,
  elementAt,
  placeOf,
  requiredCurrencyAt,
  requiredDateAt,
  requiredTextAt,
  textAt,
  textOf,
  withoutUndefined,
} from "./ubl-fields.ts";
import { type LineNames, readLines, type UblLine } from "./ubl-lines.ts";
import { readBuyer, readPayee, readSeller, type UblParty } from "./ubl-party.ts";
import { readPayment, type UblPaymentMeans } from "./ubl-payment.ts";
import { readTotals, type UblTotals, type UblVatBreakdown } from "./ubl-totals.ts";
import { parseXmlTree, type XmlDocument, type XmlElement, type XmlVocabulary } from "./xml-tree.ts";

/**
 * A UBL 2.1 Invoice or CreditNote in the terms of EN 16931. Amounts are minor units of
 * `currency`; quantities, prices and rates canonical decimal strings; dates yyyy-mm-dd.
 * What the document claims is recorded as it stands: whether its sums hold is the contract's
 * question, not the reader's.
 */
export interface UblInvoice {
  readonly kind: "invoice" | "credit-note";
  /** BT-3, UNTDID 1001 */
  readonly typeCode: string;
  /** BT-1 */
  readonly number: string;
  /** BT-2 */
  readonly issueDate: string;
  /** BT-9 */
  readonly dueDate?: string;
  /** BT-5 */
  readonly currency: string;
  /** BT-6 */
  readonly taxCurrency?: string;
  /** BT-10 */
  readonly buyerReference?: string;
  /** BT-13 */
  readonly orderReference?: string;
  /** BT-12 */
  readonly contractReference?: string;
  /** BG-3 */
  readonly precedingInvoices: readonly UblPrecedingInvoice[];
  /** BT-20 */
  readonly paymentTerms?: string;
  /** BT-83 */
  readonly paymentReference?: string;
  /** BT-22 */
  readonly notes: readonly string[];
  /** BG-4 */
  readonly seller: UblParty;
  /** BG-7 */
  readonly buyer: UblParty;
  /** BG-10 */
  readonly payee?: UblParty;
  /** BG-25 */
  readonly lines: readonly UblLine[];
  /** BG-20 */
  readonly allowances: readonly UblAllowance[];
  /** BG-21 */
  readonly charges: readonly UblAllowance[];
  /** BG-23 */
  readonly vatBreakdown: readonly UblVatBreakdown[];
  /** BG-22 */
  readonly totals: UblTotals;
  /** BG-16 */
  readonly paymentMeans: readonly UblPaymentMeans[];
  /** BG-24, those embedded in the document, without their content. */
  readonly attachments: readonly UblAttachment[];
}

export interface UblPrecedingInvoice {
  readonly number: string;
  readonly issueDate?: string;
}

export interface UblAttachment {
  readonly id: string;
  readonly filename?: string;
  readonly mime?: string;
}

/** Reads a document, or throws `UblError` for the first thing in it that cannot be recorded. */
export function readUbl(xml: string | Uint8Array): UblInvoice {
  const document = parseXmlTree(xml, UBL_VOCABULARY);
  const { root } = document;
  const type = typeOf(document);
  const currency = requiredCurrencyAt(root, "cbc:DocumentCurrencyCode", "BT-5");
  const taxCurrency = currencyAt(root, "cbc:TaxCurrencyCode", "BT-6");
  const { paymentDueDate, ...payment } = readPayment(root);
  return withoutUndefined({
    kind: type.kind,
    typeCode: readTypeCode(root, type),
    number: requiredTextAt(root, "cbc:ID", "BT-1"),
    issueDate: requiredDateAt(root, "cbc:IssueDate", "BT-2"),
    dueDate: type.kind === "invoice" ? dateAt(root, "cbc:DueDate", "BT-9") : paymentDueDate,
    currency: currency.code,
    taxCurrency: taxCurrency?.code,
    buyerReference: textAt(root, "cbc:BuyerReference", "BT-10"),
    orderReference: textAt(root, "cac:OrderReference/cbc:ID", "BT-13"),
    contractReference: textAt(root, "cac:ContractDocumentReference/cbc:ID", "BT-12"),
    precedingInvoices: readPrecedingInvoices(root),
    paymentTerms: textAt(root, "cac:PaymentTerms/cbc:Note", "BT-20"),
    notes: readNotes(root),
    seller: readSeller(root),
    buyer: readBuyer(root),
    payee: readPayee(root),
    ...payment,
    lines: readLines(root, type.lineNames, currency),
    ...readAllowances(root, currency),
    ...readTotals(root, { document: currency, tax: taxCurrency }),
    attachments: readAttachments(root),
  });
}

const UBL = "urn:oasis:names:specification:ubl:schema:xsd";

const UBL_VOCABULARY: XmlVocabulary = {
  prefixes: new Map([
    [`${UBL}:CommonAggregateComponents-2`, "cac"],
    [`${UBL}:CommonBasicComponents-2`, "cbc"],
  ]),
  textDropped: new Set(["cbc:EmbeddedDocumentBinaryObject"]),
};

interface DocumentType {
  readonly kind: UblInvoice["kind"];
  readonly root: string;
  readonly namespace: string;
  readonly typeCodeElement: string;
  /** The codes of UNTDID 1001 that EN 16931 (BR-CL-01) has for this document. */
  readonly typeCodes: string;
  readonly lineNames: LineNames;
}

const DOCUMENT_TYPES: readonly DocumentType[] = [
  {
    kind: "invoice",
    root: "Invoice",
    namespace: `${UBL}:Invoice-2`,
    typeCodeElement: "cbc:InvoiceTypeCode",
    typeCodes: `71 80 81 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387
      388 389 390 393 394 395 456 457 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877 935`,
    lineNames: { line: "cac:InvoiceLine", quantity: "cbc:InvoicedQuantity" },
  },
  {
    kind: "credit-note",
    root: "CreditNote",
    namespace: `${UBL}:CreditNote-2`,
    typeCodeElement: "cbc:CreditNoteTypeCode",
    typeCodes: "81 83 261 262 296 308 381 396 420 458 502 503 532",
    lineNames: { line: "cac:CreditNoteLine", quantity: "cbc:CreditedQuantity" },
  },
];

function typeOf({ namespace, localName }: XmlDocument): DocumentType {
  const type = DOCUMENT_TYPES.find(
    (candidate) => candidate.root === localName && candidate.namespace === namespace,
  );
  if (type !== undefined) return type;
  throw new UblError({
    code: "ubl/not-an-invoice",
    element: shown(localName),
    namespace: shown(namespace),
  });
}

/**
 * A code of the other document is refused: an Invoice that calls itself a credit note (381)
 * would be a claim to one reader and a debt to the next.
 */
function readTypeCode(root: XmlElement, type: DocumentType): string {
  const value = requiredTextAt(root, type.typeCodeElement, "BT-3");
  if (type.typeCodes.split(/\s+/).includes(value)) return value;
  const element = elementAt(root, type.typeCodeElement, "BT-3") ?? root;
  throw new UblError({
    code: "ubl/bad-type-code",
    value: shown(value),
    kind: type.root,
    ...placeOf(element, "BT-3"),
  });
}

function readNotes(root: XmlElement): readonly string[] {
  return childrenOf(root, "cbc:Note").flatMap((note) => textOf(note, "BT-22") ?? []);
}

function readPrecedingInvoices(root: XmlElement): readonly UblPrecedingInvoice[] {
  return childrenOf(root, "cac:BillingReference").flatMap((reference) => {
    const document = elementAt(reference, "cac:InvoiceDocumentReference", "BG-3");
    if (document === undefined) return [];
    return withoutUndefined({
      number: requiredTextAt(document, "cbc:ID", "BT-25"),
      issueDate: dateAt(document, "cbc:IssueDate", "BT-26"),
    });
  });
}

function readAttachments(root: XmlElement): readonly UblAttachment[] {
  return childrenOf(root, "cac:AdditionalDocumentReference").flatMap((reference) => {
    const embedded = elementAt(
      reference,
      "cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
      "BT-125",
    );
    if (embedded === undefined) return [];
    return withoutUndefined({
      id: requiredTextAt(reference, "cbc:ID", "BT-122"),
      filename: attributeOf(embedded, "filename"),
      mime: attributeOf(embedded, "mimeCode"),
    });
  });
}
