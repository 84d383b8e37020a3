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

const textOf = (name: string) => new Map(documents).get(name) ?? "";
const standard = textOf("invoice-eur-standard.xml");

test("a document that is paid already claims nothing", async () => {
  const [, inclusive] = /TaxInclusiveAmount currencyID="EUR">([0-9.]+)</.exec(standard) ?? [];
  const prepaid = standard.replace(
    /<cbc:PayableAmount ([^>]*)>[0-9.]+/,
    `<cbc:PrepaidAmount $1>${inclusive}</cbc:PrepaidAmount><cbc:PayableAmount $1>0`,
  );
  expect(await issueDocument(ledger, prepaid)).toBe("invoice/payable-positive");
});

test.each([
  ["an invoice", standard, ["81", "325"]],
  ["a credit note", textOf("credit-note-eur.xml"), []],
])(
  "of the type codes that the reader knows for %s, the contract refuses a few",
  async (_, document, refused) => {
    const outcomes = new Map<string, string[]>();
    for (let code = 1; code < 1000; code++) {
      const outcome = await issueDocument(
        ledger,
        document.replace(/TypeCode>38[01]</, `TypeCode>${code}<`),
      );
      outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), `${code}`]);
    }
    expect(outcomes.get("invoice/type-code") ?? []).toEqual(refused);
    expect(outcomes.get("issued")?.length).toBeGreaterThan(10);
    expect(outcomes.size).toBe(refused.length > 0 ? 3 : 2);
  },
);

test("decomposed letters become the one form that states admit", async () => {
  expect(await issueDocument(ledger, standard.normalize("NFD"))).toBe("issued");
});
