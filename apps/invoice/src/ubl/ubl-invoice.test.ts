import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { UblError } from "./ubl-error.ts";
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

test("reads our sample in full", () => {
  const invoice = readUbl(INVOICE);
  expect(invoice).toMatchObject({
    kind: "invoice",
    typeCode: "380",
    number: "AB-2026-00417",
    issueDate: "2026-03-02",
    dueDate: "2026-04-01",
    currency: "EUR",
    buyerReference: "KST-4410",
    orderReference: "PO-88213",
    contractReference: "RV-2025-07",
    precedingInvoices: [],
    paymentReference: expect.stringMatching(/^RF[0-9]{2}AB202600417$/),
    notes: ["Lieferung frei Werk Hamburg."],
    allowances: [],
    charges: [],
    attachments: [],
  });
  expect(invoice.seller).toEqual({
    name: "Alpenblick Maschinenbau AG",
    tradingName: "Alpenblick",
    legalId: { id: "999900ALPENBLICK0108", scheme: "0199" },
    identifiers: [],
    vatId: "DE999100014",
    endpoint: { id: "9521000000018", scheme: "0088" },
    address: {
      line1: "Werkstra\u00dfe 14",
      city: "Rosenheim",
      postCode: "83022",
      subdivision: "Bayern",
      country: "DE",
    },
    contact: {
      name: "Vertrieb Innendienst",
      phone: "+49 8031 555 0140",
      email: "rechnung@alpenblick.example",
    },
  });
  expect(invoice.buyer).toMatchObject({
    identifiers: [{ id: "K-20417" }],
    address: { line2: "Tor 2" },
  });
  expect("taxCurrency" in invoice || "payee" in invoice || "tradingName" in invoice.buyer).toBe(
    false,
  );
  expect(invoice.lines[0]).toEqual({
    id: "1",
    name: "Spindeleinheit SP-24",
    description: "Wassergek\u00fchlte Hauptspindel, 24 000 1/min",
    quantity: "2",
    unit: "C62",
    price: "4850",
    netAmount: 970000n,
    vatCategory: "S",
    vatRate: "19",
    sellerItemId: "SP-24-W",
    standardItemId: { id: "09521000000100", scheme: "0160" },
    orderLine: "10",
    allowances: [],
    charges: [],
  });
  expect(invoice.lines[2]).toMatchObject({
    quantity: "200",
    unit: "LTR",
    price: "3.145",
    netAmount: 62900n,
  });
});

test("reads allowances, charges, prepayment and rounding", () => {
  const invoice = readUbl(CHF_INVOICE);
  expect(invoice.lines[0]).toMatchObject({
    allowances: [{ amount: 20940n, reason: "Remise de quantit\u00e9", reasonCode: "95" }],
    charges: [{ amount: 9600n, reason: "Broderie du nom", reasonCode: "ABL" }],
  });
  expect(invoice.lines[2]).toMatchObject({ quantity: "-20", netAmount: -16000n });
  expect(invoice.allowances.map(({ amount, vatRate }) => [amount, vatRate])).toEqual([
    [15000n, "8.1"],
    [2000n, "2.6"],
  ]);
  expect(invoice.charges).toEqual([
    { amount: 8500n, reason: "Port", reasonCode: "FC", vatCategory: "S", vatRate: "8.1" },
  ]);
  expect(invoice.totals).toEqual({
    lineNet: 490650n,
    allowances: 17000n,
    charges: 8500n,
    withoutVat: 482150n,
    vat: 33709n,
    withVat: 515859n,
    paid: 150000n,
    rounding: 1n,
    payable: 365860n,
  });
});

test("reads the payee, and the VAT total in the tax currency", () => {
  const invoice = readUbl(FACTORED);
  expect(invoice.payee).toEqual({
    name: "Fjordkapital Faktoring AS",
    legalId: { id: "999900FJORDKAPITAL30", scheme: "0199" },
    identifiers: [{ id: "9521000000339", scheme: "0088" }],
  });
  expect(invoice).toMatchObject({
    taxCurrency: "NOK",
    totals: { vat: 156535n, vatInTaxCurrency: 1797022n },
  });
  expect(invoice.vatBreakdown).toHaveLength(2);
});

test("reads a credit note, its due date from the payment means", () => {
  expect(readUbl(CREDIT_NOTE)).toMatchObject({
    kind: "credit-note",
    typeCode: "381",
    dueDate: "2026-04-01",
    precedingInvoices: [{ number: "AB-2026-00417", issueDate: "2026-03-02" }],
    lines: [{ quantity: "2.5" }, { quantity: "20" }],
  });
});

test("a tax registration that is not VAT is no VAT number", () => {
  const { seller } = readUbl(sample("invoice-jpy.xml"));
  expect([seller.vatId, seller.taxId]).toEqual([undefined, "T9999900000017"]);
});

test("an embedded attachment is listed without its content, an external one is not", () => {
  const references = `<cac:AdditionalDocumentReference><cbc:ID>A1</cbc:ID><cac:Attachment>
    <cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename="hours.csv">${"QUJD".repeat(50_000)}</cbc:EmbeddedDocumentBinaryObject>
    </cac:Attachment></cac:AdditionalDocumentReference><cac:AdditionalDocumentReference><cbc:ID>A2</cbc:ID></cac:AdditionalDocumentReference>`;
  const xml = changed(
    INVOICE,
    "<cac:AccountingSupplierParty>",
    `${references}<cac:AccountingSupplierParty>`,
  );
  expect(readUbl(xml).attachments).toEqual([{ id: "A1", filename: "hours.csv", mime: "text/csv" }]);
});

test("prefixes, a byte order mark, comments and extensions make no difference", () => {
  const prefixed = INVOICE.replaceAll("cbc:", "b:")
    .replaceAll("cac:", "g:")
    .replace("xmlns:cbc", "xmlns:b")
    .replace("xmlns:cac", "xmlns:g");
  const extension = `<e:UBLExtensions xmlns:e="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"><b:ID>X</b:ID></e:UBLExtensions>`;
  const xml = changed(
    changed(prefixed, "<b:CustomizationID>", `${extension}<b:CustomizationID>`),
    "AB-2026",
    "AB-<!-- x -->2026",
  );
  expect(readUbl(new TextEncoder().encode(`\ufeff${xml}`))).toEqual(readUbl(INVOICE));
});

test("a document damaged anywhere is read or refused by name, never worse", () => {
  const damage = fc.record({
    at: fc.nat(INVOICE.length - 1),
    length: fc.nat(40),
    text: fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom("<", ">", "&", '"', "</", "<!--", "]]>", "-", ""),
    ),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(INVOICE, CHF_INVOICE, CREDIT_NOTE),
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      (xml, damages) => {
        let damaged = xml;
        for (const { at, length, text } of damages)
          damaged = damaged.slice(0, at) + text + damaged.slice(at + length);
        // Throws whatever is not a UblError.
        errorOf(damaged);
        errorOf(new TextEncoder().encode(damaged));
      },
    ),
    { numRuns: 300 },
  );
});
