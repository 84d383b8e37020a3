import { type ArbitraryInvoiceDocument, arbitraryInvoiceDocument } from "@stateset/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { invoiceNetwork } from "./invoice-network.ts";

const { issue, issueCreditNote } = await invoiceNetwork();

const RUNS = { numRuns: 150 };
/** Every amount that a rule of EN 16931 adds up, by its place in the document. */
const AMOUNTS = {
  lines: "netAmount",
  allowances: "amount",
  charges: "amount",
  vatBreakdown: "taxAmount",
} as const;

test("any document whose sums hold is issued, as an invoice and as a credit note", async () => {
  const property = fc.asyncProperty(arbitraryInvoiceDocument(), async (document) => {
    const invoice = { ...document, dueDate: document.issueDate };
    await issue.tweak((tx) => tx.changeOutput(0, () => invoice)).verifies();
    await issueCreditNote.tweak((tx) => tx.changeOutput(0, () => document)).verifies();
  });
  await fc.assert(property, RUNS);
});

test("any one amount a minor unit off is found by a rule of EN 16931", async () => {
  const property = fc.asyncProperty(
    arbitraryInvoiceDocument(),
    fc.nat(),
    fc.constantFrom(1n, -1n),
    async (document, which, by) => {
      const changes = changesOf(document, by);
      const change = changes[which % changes.length] as Partial<ArbitraryInvoiceDocument>;
      const broken = issue.tweak((tx) => tx.changeOutput(0, () => ({ ...document, ...change })));
      const refused = await broken.verifies().catch((error: unknown) => error);
      const rule = expect.stringMatching(/^invoice\/br-co-1[0-6]$/);
      expect(refused).toMatchObject({ fault: { code: "contract/rule-broken", rule } });
    },
  );
  await fc.assert(property, RUNS);
});

function changesOf(document: ArbitraryInvoiceDocument, by: bigint) {
  const { totals } = document;
  const ofTotals = Object.entries(totals).map(([field, amount]) => ({
    totals: { ...totals, [field]: amount + by },
  }));
  const ofParts = Object.entries(AMOUNTS).flatMap(([list, field]) =>
    partsOf(document, list as keyof typeof AMOUNTS).map((part, index, parts) => ({
      [list]: parts.with(index, { ...part, [field]: (part[field] as bigint) + by }),
    })),
  );
  return [...ofTotals, ...ofParts];
}

function partsOf(document: ArbitraryInvoiceDocument, list: keyof typeof AMOUNTS) {
  return document[list] as Record<string, unknown>[];
}
