import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { UblError, type UblFault } from "./ubl-error.ts";
import { readUbl } from "./ubl-invoice.ts";

const sample = (name: string): string =>
  readFileSync(new URL(`../../../../samples/${name}`, import.meta.url), "utf8");

const INVOICE = sample("invoice-eur-standard.xml");
const CHF_INVOICE = sample("invoice-chf-prepaid-rounding.xml");
const FACTORED = sample("invoice-eur-factored.xml");
const CREDIT_NOTE = sample("credit-note-eur.xml");

function errorOf(xml: string | Uint8Array): UblError | undefined {
  try {
    readUbl(xml);
    return undefined;
  } catch (error) {
    if (error instanceof UblError) return error;
    throw error;
  }
}

/** Changes the first match, and fails where there is none: a row must break what it says. */
function changed(xml: string, pattern: string | RegExp, replacement: string): string {
  const result = xml.replace(pattern, () => replacement);
  if (result === xml) throw new Error(`nothing matches ${pattern}`);
  return result;
}

/** The first element of this name, gone. */
const without = (xml: string, name: string): string =>
  changed(xml, new RegExp(`<${name}[ >][\\s\\S]*?</${name}>`), "");

const PARTY_PATH = "cac:Party/cac:PartyLegalEntity/cbc:RegistrationName";

test.each<[string, string, string]>([
  ["BT-1", "/Invoice/cbc:ID", without(INVOICE, "cbc:ID")],
  ["BT-1", "/Invoice/cbc:ID", changed(INVOICE, "AB-2026-00417", " \u00a0 ")],
  ["BT-2", "/Invoice/cbc:IssueDate", without(INVOICE, "cbc:IssueDate")],
  ["BT-3", "/Invoice/cbc:InvoiceTypeCode", without(INVOICE, "cbc:InvoiceTypeCode")],
  ["BT-5", "/Invoice/cbc:DocumentCurrencyCode", without(INVOICE, "cbc:DocumentCurrencyCode")],
  [
    "BT-27",
    `/Invoice/cac:AccountingSupplierParty/${PARTY_PATH}`,
    without(INVOICE, "cac:AccountingSupplierParty"),
  ],
  [
    "BT-27",
    `/Invoice/cac:AccountingSupplierParty/${PARTY_PATH}`,
    without(without(INVOICE, "cac:PartyName"), "cbc:RegistrationName"),
  ],
  [
    "BT-44",
    `/Invoice/cac:AccountingCustomerParty/${PARTY_PATH}`,
    without(INVOICE, "cac:AccountingCustomerParty"),
  ],
  ["BT-59", "/Invoice/cac:PayeeParty/cac:PartyName/cbc:Name", without(FACTORED, "cac:PartyName")],
  [
    "BG-25",
    "/Invoice/cac:InvoiceLine",
    changed(INVOICE, /<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/, ""),
  ],
  [
    "BT-106",
    "/Invoice/cac:LegalMonetaryTotal/cbc:LineExtensionAmount",
    without(INVOICE, "cbc:LineExtensionAmount"),
  ],
  [
    "BT-106",
    "/Invoice/cac:LegalMonetaryTotal/cbc:LineExtensionAmount",
    without(INVOICE, "cac:LegalMonetaryTotal"),
  ],
  [
    "BT-109",
    "/Invoice/cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
    without(INVOICE, "cbc:TaxExclusiveAmount"),
  ],
  [
    "BT-112",
    "/Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
    without(INVOICE, "cbc:TaxInclusiveAmount"),
  ],
  [
    "BT-115",
    "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount",
    without(INVOICE, "cbc:PayableAmount"),
  ],
  [
    "BT-115",
    "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount/@currencyID",
    changed(INVOICE, 'PayableAmount currencyID="EUR"', "PayableAmount"),
  ],
  ["BT-126", "/Invoice/cac:InvoiceLine[2]/cbc:ID", changed(INVOICE, "<cbc:ID>2</cbc:ID>", "")],
  [
    "BT-131",
    "/Invoice/cac:InvoiceLine[2]/cbc:LineExtensionAmount",
    changed(
      INVOICE,
      /<cbc:LineExtensionAmount currencyID="EUR">2330.00<\/cbc:LineExtensionAmount>/,
      "",
    ),
  ],
  [
    "BT-129",
    "/Invoice/cac:InvoiceLine[1]/cbc:InvoicedQuantity",
    without(INVOICE, "cbc:InvoicedQuantity"),
  ],
  [
    "BT-130",
    "/Invoice/cac:InvoiceLine[2]/cbc:InvoicedQuantity/@unitCode",
    changed(INVOICE, ' unitCode="MTR"', ""),
  ],
  [
    "BT-146",
    "/Invoice/cac:InvoiceLine[1]/cac:Price/cbc:PriceAmount",
    without(INVOICE, "cac:Price"),
  ],
  [
    "BT-151",
    "/Invoice/cac:InvoiceLine[1]/cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
    without(INVOICE, "cac:ClassifiedTaxCategory"),
  ],
  [
    "BT-153",
    "/Invoice/cac:InvoiceLine[1]/cac:Item/cbc:Name",
    changed(INVOICE, "<cbc:Name>Spindeleinheit SP-24</cbc:Name>", ""),
  ],
  [
    "BT-157-1",
    "/Invoice/cac:InvoiceLine[1]/cac:Item/cac:StandardItemIdentification/cbc:ID/@schemeID",
    changed(INVOICE, ' schemeID="0160"', ""),
  ],
  [
    "BT-34-1",
    "/Invoice/cac:AccountingSupplierParty/cac:Party/cbc:EndpointID/@schemeID",
    changed(INVOICE, ' schemeID="0088"', ""),
  ],
  [
    "BT-81",
    "/Invoice/cac:PaymentMeans/cbc:PaymentMeansCode",
    without(INVOICE, "cbc:PaymentMeansCode"),
  ],
  [
    "BT-92",
    "/Invoice/cac:AllowanceCharge[1]/cbc:Amount",
    changed(CHF_INVOICE, '<cbc:Amount currencyID="CHF">150.00</cbc:Amount>', ""),
  ],
  [
    "BT-95",
    "/Invoice/cac:AllowanceCharge[1]/cac:TaxCategory/cbc:ID",
    without(CHF_INVOICE, "cac:TaxCategory"),
  ],
  [
    "BG-20",
    "/Invoice/cac:AllowanceCharge[1]/cbc:ChargeIndicator",
    without(CHF_INVOICE, "cbc:ChargeIndicator"),
  ],
  [
    "BT-116",
    "/Invoice/cac:TaxTotal/cac:TaxSubtotal[1]/cbc:TaxableAmount",
    without(INVOICE, "cbc:TaxableAmount"),
  ],
  [
    "BT-25",
    "/CreditNote/cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
    changed(CREDIT_NOTE, "<cbc:ID>AB-2026-00417</cbc:ID>", ""),
  ],
  ["BT-3", "/CreditNote/cbc:CreditNoteTypeCode", without(CREDIT_NOTE, "cbc:CreditNoteTypeCode")],
])("a document without %s names %s", (field, path, xml) => {
  const error = errorOf(xml);
  expect(error?.fault).toMatchObject({ code: "ubl/missing-field", field, path });
  expect(error?.message).toContain(`${field} at ${path}, line `);
});

test.each<[UblFault["code"], string, string]>([
  [
    "ubl/repeated-field",
    "BT-1",
    changed(INVOICE, "<cbc:IssueDate>", "<cbc:ID>2</cbc:ID><cbc:IssueDate>"),
  ],
  [
    "ubl/repeated-field",
    "BT-31",
    changed(
      INVOICE,
      "<cac:PartyTaxScheme>",
      "<cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme>",
    ),
  ],
  [
    "ubl/repeated-field",
    "BT-110",
    changed(
      INVOICE,
      "<cac:TaxTotal>",
      '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">0</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>',
    ),
  ],
  [
    "ubl/repeated-field",
    "BT-83",
    changed(
      INVOICE,
      "<cac:PaymentMeans>",
      "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>other</cbc:PaymentID></cac:PaymentMeans><cac:PaymentMeans>",
    ),
  ],
  ["ubl/not-plain-text", "BT-1", changed(INVOICE, "AB-2026-00417", "AB<cbc:ID>9</cbc:ID>")],
  ["ubl/bad-type-code", "BT-3", changed(INVOICE, ">380<", ">381<")],
  ["ubl/bad-type-code", "BT-3", changed(CREDIT_NOTE, ">381<", ">380<")],
  ["ubl/bad-type-code", "BT-3", changed(INVOICE, ">380<", ">0380<")],
  [
    "ubl/bad-indicator",
    "BG-20",
    changed(CHF_INVOICE, "<cbc:ChargeIndicator>false", "<cbc:ChargeIndicator>no"),
  ],
  ["ubl/bad-date", "BT-2", changed(INVOICE, "2026-03-02", "2026-02-29")],
  ["ubl/bad-date", "BT-2", changed(INVOICE, "2026-03-02", "2026-03-02Z")],
  ["ubl/bad-date", "BT-2", changed(INVOICE, "2026-03-02", "02.03.2026")],
  ["ubl/bad-date", "BT-9", changed(INVOICE, "2026-04-01", "2026-04-31")],
  ["ubl/bad-date", "BT-9", changed(CREDIT_NOTE, "2026-04-01", "2026-13-01")],
  ["ubl/bad-date", "BT-26", changed(CREDIT_NOTE, "2026-03-02", "20260302")],
  ["ubl/bad-amount", "BT-115", changed(INVOICE, /17381\.55(?=<\/cbc:Payable)/, "17381,55")],
  ["ubl/bad-amount", "BT-113", changed(CHF_INVOICE, "1500.00", "")],
  ["ubl/too-many-decimals", "BT-131", changed(INVOICE, ">2330.00<", ">2330.001<")],
  [
    "ubl/too-many-decimals",
    "BT-115",
    changed(sample("invoice-jpy.xml"), /724796(?=<\/cbc:Payable)/, "724796.5"),
  ],
  ["ubl/number-out-of-range", "BT-131", changed(INVOICE, ">2330.00<", ">92233720368547758.08<")],
  ["ubl/number-out-of-range", "BT-129", changed(INVOICE, ">12.5<", `>1${"0".repeat(18)}<`)],
  ["ubl/bad-number", "BT-129", changed(INVOICE, ">12.5<", ">1.25e1<")],
  ["ubl/bad-number", "BT-146", changed(INVOICE, ">186.40<", ">NaN<")],
  [
    "ubl/bad-number",
    "BT-152",
    changed(
      INVOICE,
      /19(?=<\/cbc:Percent>\s*<cac:TaxScheme>\s*<cbc:ID>VAT<\/cbc:ID>\s*<\/cac:TaxScheme>\s*<\/cac:Classified)/,
      "19 %",
    ),
  ],
  ["ubl/unknown-currency", "BT-5", changed(INVOICE, ">EUR<", ">EUX<")],
  ["ubl/unknown-currency", "BT-5", changed(INVOICE, ">EUR<", ">XAU<")],
  ["ubl/unknown-currency", "BT-6", changed(FACTORED, ">NOK<", ">NKK<")],
  [
    "ubl/currency-mismatch",
    "BT-106",
    changed(
      INVOICE,
      'LineExtensionAmount currencyID="EUR"',
      'LineExtensionAmount currencyID="USD"',
    ),
  ],
  [
    "ubl/currency-mismatch",
    "BT-146",
    changed(INVOICE, 'PriceAmount currencyID="EUR"', 'PriceAmount currencyID="eur"'),
  ],
  [
    "ubl/currency-mismatch",
    "BT-110",
    changed(
      INVOICE,
      "<cac:TaxTotal>",
      '<cac:TaxTotal><cbc:TaxAmount currencyID="NOK">0</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>',
    ),
  ],
  ["ubl/currency-mismatch", "BT-117", changed(INVOICE, /EUR(?=">2763\.93)/, "CHF")],
])("%s for %s", (code, field, xml) => {
  const error = errorOf(xml);
  expect(error?.fault).toMatchObject({ code, field });
  expect(error?.code).toBe(code);
  expect(error?.message).toMatch(new RegExp(`^${field} at /[^ ]+, line [0-9]+: .+: `));
});

test.each<[string, string]>([
  ["an order", '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'],
  ["an Invoice of no namespace", "<Invoice/>"],
  [
    "a CreditNote in the Invoice namespace",
    '<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
  ],
  ["an Invoice wrapped in something", `<Envelope>${INVOICE.replace(/<\?.*\?>/, "")}</Envelope>`],
])("%s is not an invoice", (_name, xml) => {
  expect(errorOf(xml)?.code).toBe("ubl/not-an-invoice");
});
