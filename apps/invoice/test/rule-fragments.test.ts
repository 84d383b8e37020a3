import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startInvoiceLedger } from "./invoice-network.ts";
import { issueDocument } from "./issue-document.ts";

/**
 * The test sets of EN 16931 for BR-CO-15 and BR-CO-16 (there are none for 10 to 14): fragments with
 * the amounts of one rule. Each is grafted onto a sample whose other sums are made to follow.
 */
const ROOT = join(import.meta.dirname, "../../..");
const DATA = join(ROOT, "../shared/data/en16931");
const present = existsSync(DATA);
const title = present ? "rule fragments" : "rule fragments: skipped, ../shared is absent";

type Fragment = { rule: string; expected: "success" | "error"; xml: string };

const FRAGMENT = /<(success|error)>(BR-CO-1[0-6])<[\s\S]*?(<(Invoice|CreditNote)\s[\s\S]*?<\/\4>)/g;
const fragments = (present ? globSync("*-unit-UBL/*.xml", { cwd: DATA }) : [])
  .sort()
  .flatMap((file) => [...readFileSync(join(DATA, file), "utf8").matchAll(FRAGMENT)])
  .map(([, expected, rule, xml = ""]) => ({
    ...({ expected, rule } as Fragment),
    xml: xml.replaceAll(/<!--[\s\S]*?-->/g, ""),
  }));

const ledger = await startInvoiceLedger();

describe.skipIf(!present)(title, () => {
  test("there are some, to succeed and to fail, of invoices and credit notes", () => {
    expect(fragments.length).toBeGreaterThanOrEqual(27);
    expect(new Set(fragments.map(({ expected }) => expected)).size).toBe(2);
    expect(fragments.some(({ xml }) => xml.startsWith("<CreditNote"))).toBe(true);
  });

  test.each(fragments)("$rule: $expected", async ({ rule, expected, xml }) => {
    const outcome = await issueDocument(ledger, grafted(xml));
    if (expected === "success") {
      // What is already paid in full is a correct document, and no receivable.
      expect(["issued", "invoice/payable-positive"]).toContain(outcome);
    } else {
      // Two VAT totals in one currency contradict each other before any sum is tried.
      const isTwice = (xml.match(/<cac:TaxTotal>/g) ?? []).length > 1;
      const refusals = [
        `invoice/${rule.toLowerCase()}`,
        ...(isTwice ? ["ubl/repeated-field"] : []),
      ];
      expect(refusals).toContain(outcome);
    }
  });
});

const sample = (name: string) => readFileSync(join(ROOT, "samples", name), "utf8");

function grafted(fragment: string): string {
  const isInvoice = fragment.startsWith("<Invoice");
  const base = sample(isInvoice ? "invoice-eur-standard.xml" : "credit-note-eur.xml");
  const textOf = (name: string) => new RegExp(`<cbc:${name}[^>]*>([^<]*)<`).exec(fragment)?.[1];
  const currency = textOf("DocumentCurrencyCode") ?? "EUR";
  const element = (name: string, value: string | undefined) =>
    value === undefined ? "" : `<cbc:${name} currencyID="${currency}">${value}</cbc:${name}>`;

  const inclusive = textOf("TaxInclusiveAmount");
  const exclusive = textOf("TaxExclusiveAmount") ?? inclusive;
  // A fragment on BR-CO-16 says nothing of VAT, and one on BR-CO-15 need not say what is payable.
  const isWithVat = fragment.includes("<cac:TaxTotal>");
  const net = isWithVat ? exclusive : inclusive;
  const totals = [
    element("LineExtensionAmount", net),
    element("TaxExclusiveAmount", net),
    element("TaxInclusiveAmount", inclusive),
    ...["PrepaidAmount", "PayableRoundingAmount"].map((name) => element(name, textOf(name))),
    element("PayableAmount", textOf("PayableAmount") ?? inclusive),
  ].join("");
  const taxTotals = fragment.match(/<cac:TaxTotal>[\s\S]*?<\/cac:TaxTotal>/g) ?? [
    `<cac:TaxTotal>${element("TaxAmount", "0")}</cac:TaxTotal>`,
  ];
  const taxCurrency = textOf("TaxCurrencyCode");
  const category = /<cac:TaxCategory>[\s\S]*?<\/cac:TaxCategory>/.exec(base)?.[0] ?? "";
  const withSubtotal = (taxTotal: string) => {
    const [, tax] = new RegExp(`currencyID="${currency}">([^<]*)<`).exec(taxTotal) ?? [];
    if (tax === undefined) return taxTotal;
    const amounts = element("TaxableAmount", net) + element("TaxAmount", tax);
    const subtotal = `<cac:TaxSubtotal>${amounts}${category}</cac:TaxSubtotal>`;
    return taxTotal.replace("</cac:TaxTotal>", `${subtotal}</cac:TaxTotal>`);
  };
  return base
    .replaceAll('currencyID="EUR"', `currencyID="${currency}"`)
    .replace(/<cac:TaxTotal>[\s\S]*<\/cac:TaxTotal>/, taxTotals.map(withSubtotal).join(""))
    .replace(/(<cac:LegalMonetaryTotal>)[\s\S]*?(?=<\/cac:LegalMonetaryTotal>)/, `$1${totals}`)
    .replace(/(<\/cac:(?:Invoice|CreditNote)Line>)[\s\S]*(?=<\/(?:Invoice|CreditNote)>)/, "$1")
    .replace(
      /(<cac:(?:Invoice|CreditNote)Line>[\s\S]*?<cbc:LineExtensionAmount[^>]*>)[^<]*/,
      `$1${net}`,
    )
    .replace(
      /<cbc:DocumentCurrencyCode>EUR<\/cbc:DocumentCurrencyCode>/,
      `<cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>${
        taxCurrency === undefined ? "" : `<cbc:TaxCurrencyCode>${taxCurrency}</cbc:TaxCurrencyCode>`
      }`,
    );
}
