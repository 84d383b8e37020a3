/** Each rule's code and what it demands. BR-CO rules are those of EN 16931-1, 6.4.2. */
export const invoiceRules = {
  "br-co-10": "BT-106 is the sum of the lines' net amounts",
  "br-co-11": "BT-107 is the sum of the document's allowances",
  "br-co-12": "BT-108 is the sum of the document's charges",
  "br-co-13": "BT-109 is BT-106 less BT-107 plus BT-108",
  "br-co-14": "BT-110 is the sum of the VAT categories' tax amounts",
  "br-co-15": "BT-112 is BT-109 plus BT-110",
  "br-co-16": "BT-115 is BT-112 less BT-113 plus BT-114",
  "payable-positive": "something is payable",
  "parties-differ": "seller and buyer are different identities",
  "currency-form": "a currency is three capital letters of ISO 4217",
  "number-form": "a number has no hidden characters, and no white space but single spaces inside",
  "room-to-update": "the lines' texts leave room for the document twice in one transaction",
  "due-not-before-issue": "the due date is not before the issue date",
  "type-code": "the type code is one of an invoice, or of a credit note",
  "issued-fresh": "a new invoice is in status issued: nothing said, paid or credited yet",
  "seller-owns": "a new invoice is owned by its seller",
  "buyer-owns": "a new credit note is owned by its buyer",
  "twin-needs-buyer": "an ordinal above 0 needs the buyer's signature",
  "status-edge": "the status may change from the one to the other",
  "clarification-given": "a query, a rejection and a conditional acceptance say why, others do not",
  "payment-positive": "a payment pays something",
  "not-overpaid": "no more is paid and credited than is payable",
  "pays-current-payee":
    "the cash that the current payee receives is what the invoices count as paid",
  "accepted-cash": "what the payee receives is cash of issuers that the invoices name",
  "payment-dated": "a payment is dated by the day on which a window of at most a day begins",
  "owner-changes": "the new owner is another identity",
  "owner-is-not-buyer": "nobody owns a claim against itself",
  "credits-this-invoice":
    "a credit note is of the same seller, buyer and currency, and of this invoice if of one",
  "credits-exactly": "the invoice counts as credited what the credit notes are worth",
} as const;

export type InvoiceRule = keyof typeof invoiceRules;
export type Rule = (code: InvoiceRule, holds: boolean, facts?: Record<string, unknown>) => void;
