import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { startInvoiceLedger } from "./invoice-network.ts";
import { breakagesOf, issueDocument } from "./issue-document.ts";

const SAMPLES = new URL("../../../samples/", import.meta.url);
const documents = readdirSync(SAMPLES)
  .filter((name) => name.endsWith(".xml"))
  .map((name): [string, string] => [name, readFileSync(new URL(name, SAMPLES), "utf8")]);

const ledger = await startInvoiceLedger();

test("there are invoices and a credit note", () => {
  expect(documents.length).toBeGreaterThanOrEqual(5);
});

describe.each(documents)("%s", (_, document) => {
  test("is issued", async () => {
    expect(await issueDocument(ledger, document)).toBe("issued");
  });

  test.each(breakagesOf(document))("$term one minor unit more: $rule", async (breakage) => {
    expect(await issueDocument(ledger, breakage.document)).toBe(breakage.rule);
  });
});

test("a prepaid document claims nothing, and a proforma claims nothing yet", async () => {
  const [, standard = ""] = documents.find(([name]) => name === "invoice-eur-standard.xml") ?? [];
  const proforma = standard.replace(">380<", ">325<");
  expect(await issueDocument(ledger, proforma)).toBe("invoice/type-code");
  const [, inclusive] = /TaxInclusiveAmount currencyID="EUR">([0-9.]+)</.exec(standard) ?? [];
  const prepaid = standard
    .replace(/(<cbc:PayableAmount [^>]*>)[0-9.]+/, "$10")
    .replace(
      /(?=<cbc:PayableAmount)/,
      `<cbc:PrepaidAmount currencyID="EUR">${inclusive}</cbc:PrepaidAmount>`,
    );
  expect(await issueDocument(ledger, prepaid)).toBe("invoice/payable-positive");
});

test("decomposed letters become the one form that states admit", async () => {
  const [, standard = ""] = documents.find(([name]) => name === "invoice-eur-standard.xml") ?? [];
  expect(await issueDocument(ledger, standard.normalize("NFD"))).toBe("issued");
});
