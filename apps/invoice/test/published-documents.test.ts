import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startInvoiceLedger } from "./invoice-network.ts";
import { breakagesOf, issueDocument } from "./issue-document.ts";

/** Published by others, and beside the repository, not in it. */
const DATA = join(import.meta.dirname, "../../../../shared/data");
const present = existsSync(DATA);
const title = present ? "published documents" : "published documents: skipped, ../shared is absent";

/** A whole document: its first element, behind declaration and comments, is Invoice or CreditNote. */
const WHOLE =
  /^\ufeff?\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*)*<(?:\w+:)?(?:Invoice|CreditNote)[\s>]/;
const documents = (present ? globSync("**/*.xml", { cwd: DATA }) : [])
  .sort()
  .map((file): [string, string] => [file, readFileSync(join(DATA, file), "utf8")])
  .filter(([, text]) => WHOLE.test(text));

/** Those that cannot be receivables, and why. */
const NOT_ISSUED: Record<string, string> = {
  "peppol-billing/examples/base-negative-inv-correction.xml": "invoice/payable-positive",
};

const ledger = await startInvoiceLedger();

describe.skipIf(!present)(title, () => {
  test("all are issued, but those that claim nothing", async () => {
    expect(documents.length).toBeGreaterThanOrEqual(11);
    const refused: Record<string, string> = {};
    for (const [file, document] of documents) {
      const outcome = await issueDocument(ledger, document);
      if (outcome !== "issued") refused[file] = outcome;
    }
    expect(refused).toEqual(NOT_ISSUED);
  });

  const issued = documents.filter(([file]) => !(file in NOT_ISSUED));
  describe.each(issued)("%s", (_, document) => {
    test("has an amount to break for every sum", () => {
      const rules = new Set(breakagesOf(document).map(({ rule }) => rule));
      expect([...rules].sort()).toEqual(
        [10, 11, 12, 13, 14, 15, 16].map((number) => `invoice/br-co-${number}`),
      );
    });

    test.each(breakagesOf(document))("$term one minor unit more: $rule", async (breakage) => {
      expect(await issueDocument(ledger, breakage.document)).toBe(breakage.rule);
    });
  });
});
