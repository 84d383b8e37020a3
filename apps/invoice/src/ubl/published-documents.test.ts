import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { UblError } from "./ubl-error.ts";
import { readUbl, type UblInvoice } from "./ubl-invoice.ts";

/**
 * Documents published with EN 16931 and Peppol BIS Billing. They lie beside the repository and
 * not in it; without them these tests are reported as skipped.
 */
const DATA = new URL("../../../../../shared/data/", import.meta.url);
const present = existsSync(new URL("en16931/", DATA));

function filesIn(folder: string): string[] {
  if (!present) return [];
  return readdirSync(new URL(folder, DATA))
    .filter((name) => name.endsWith(".xml"))
    .map((name) => `${folder}${name}`);
}

const read = (file: string): UblInvoice => readUbl(readFileSync(new URL(file, DATA)));

describe.skipIf(!present)("published documents (needs ../shared/data)", () => {
  test.each([
    ["en16931/examples/", 6],
    ["peppol-billing/examples/", 5],
  ] as const)("%s: all %i read", (folder, count) => {
    const files = filesIn(folder);
    expect(files.length).toBeGreaterThanOrEqual(count);
    for (const file of files) {
      const { lines, totals, vatBreakdown } = read(file);
      expect(
        lines.reduce((total, { netAmount }) => total + netAmount, 0n),
        file,
      ).toBe(totals.lineNet);
      expect(
        vatBreakdown.reduce((total, { vat }) => total + vat, 0n),
        file,
      ).toBe(totals.vat);
    }
  });

  test("values of the NOK example, taken by hand", () => {
    const invoice = read("en16931/examples/ubl-tc434-example2.xml");
    expect(invoice).toMatchObject({
      number: "TOSL108",
      issueDate: "2013-06-30",
      dueDate: "2013-07-20",
      currency: "NOK",
      orderReference: "123",
      contractReference: "Contract321",
      paymentReference: "0003434323213231",
      seller: { name: "Salescompany ltd.", legalId: { id: "123456789" }, vatId: "NO123456789MVA" },
      buyer: { name: "The Buyercompany", identifiers: [{ id: "3456789012098", scheme: "0088" }] },
      payee: { name: "Ebeneser Scrooge AS", legalId: { id: "989823401" } },
      paymentMeans: [{ code: "30", account: "NO9386011117947", bic: "DNBANOKK" }],
      attachments: [{ id: "Doc2", filename: "test.pdf", mime: "application/pdf" }],
      allowances: [{ amount: 10000n, reason: "Promotion discount", vatRate: "25" }],
      charges: [{ amount: 10000n, reason: "Freight", vatRate: "25" }],
      totals: { lineNet: 143650n, vat: 36528n, withVat: 180178n, paid: 100000n, payable: 80178n },
    });
    expect(invoice.paymentTerms).toMatch(
      /^2 % discount if paid within 2 days\n\s+Penalty percentage 10% from due date$/,
    );
    expect(invoice.vatBreakdown[2]).toEqual({
      taxable: -2500n,
      vat: 0n,
      vatCategory: "E",
      vatRate: "0",
      exemptionReason: "Exempt New Means of Transport",
    });
    expect(invoice.lines[1]).toMatchObject({
      quantity: "-1",
      netAmount: -396n,
      orderLine: "5",
      sellerItemId: "JB008",
    });
  });

  test("values of the Peppol allowance example, taken by hand", () => {
    const invoice = read("peppol-billing/examples/Allowance-example.xml");
    expect(invoice).toMatchObject({
      number: "Snippet1",
      currency: "EUR",
      taxCurrency: "SEK",
      buyerReference: "0150abc",
      seller: { name: "SupplierOfficialName Ltd", tradingName: "SupplierTradingName Ltd." },
      totals: {
        allowances: 20000n,
        charges: 20000n,
        vat: 122500n,
        vatInTaxCurrency: 932400n,
        payable: 612500n,
      },
    });
    expect(invoice.lines[1]).toMatchObject({
      price: "200",
      priceBaseQuantity: "2",
      netAmount: 100000n,
      vatCategory: "E",
    });
    expect(invoice.lines[2]?.allowances).toEqual([
      { amount: 10100n, reason: "Discount", reasonCode: "95" },
    ]);
  });

  test("values of the credit note, taken by hand", () => {
    const note = read("en16931/examples/ubl-tc434-creditnote1.xml");
    expect(note).toMatchObject({
      kind: "credit-note",
      typeCode: "381",
      number: "018304 / 28865",
      issueDate: "2019-09-23",
      paymentReference: "010676609538",
      seller: { name: "My Supplier Company", endpoint: { id: "0000000196", scheme: "0201" } },
      totals: { lineNet: 10011n, vat: 0n, payable: 10011n },
      lines: [
        { id: "1", name: "Exon\u00e9ration du versement du PP", quantity: "1", price: "100.11" },
      ],
    });
    expect("dueDate" in note).toBe(false);
  });

  test("fragments of the rule tests, none a whole document, are refused by name", () => {
    const refused = new Map<string, number>();
    for (const file of [
      ...filesIn("en16931/Invoice-unit-UBL/"),
      ...filesIn("peppol-billing/unit-UBL-PEPPOL/"),
    ]) {
      const text = readFileSync(new URL(file, DATA), "utf8");
      for (const [fragment] of text.matchAll(/<(Invoice|CreditNote)\s[\s\S]*?<\/\1>/g)) {
        try {
          readUbl(fragment);
        } catch (error) {
          if (!(error instanceof UblError)) throw error;
          refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
        }
      }
    }
    expect(refused.get("ubl/missing-field")).toBeGreaterThan(100);
    expect(refused.get("ubl/not-well-formed") ?? 0).toBe(0);
  });
});
