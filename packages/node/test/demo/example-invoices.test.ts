import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import invoiceApp, { readUbl } from "@stateset/invoice";
import receivableApp from "@stateset/receivable";
import { describe, expect, test } from "vitest";
import { readDemoInvoice } from "../../src/demo/demo-invoice.ts";
import { type LifecycleStep, runLifecycle } from "../../src/demo/lifecycle.ts";
import { reconcile } from "../../src/demo/reconcile.ts";
import { stepLine } from "../../src/demo/story.ts";
import { MemoryNodes } from "../flows/memory-nodes.ts";
import { MemoryParty } from "./memory-party.ts";

const ROOT = join(import.meta.dirname, "../../../..");
/** Published by others, and beside the repository, not in it. */
const DATA = join(ROOT, "../shared/data");
const present = existsSync(DATA);
const published = present
  ? globSync(["*/examples/*.xml"], { cwd: DATA })
      .filter((file) => isClaim(join(DATA, file)))
      .sort()
  : [];
const samples = globSync("samples/invoice-*.xml", { cwd: ROOT }).sort();

const contractApps = [
  { app: invoiceApp, folder: folderOf("@stateset/invoice/contract") },
  { app: receivableApp, folder: folderOf("@stateset/receivable/contract") },
];

test.each(samples)("%s is financed from issue to the release of its reserve", async (file) => {
  await financed(join(ROOT, file));
});

describe.skipIf(!present)("published invoices (needs ../shared/data)", () => {
  test("there are nine of a positive amount", () => {
    expect(published.length).toBeGreaterThanOrEqual(9);
  });

  test.each(published)("%s is financed", async (file) => {
    await financed(join(DATA, file));
  });

  test("one that claims nothing is refused by its rule", async () => {
    const file = join(DATA, "peppol-billing/examples/base-negative-inv-correction.xml");
    await expect(readDemoInvoice(read(file))).rejects.toMatchObject({
      refusedBy: "invoice/payable-positive",
    });
  });
});

/** Takes an invoice through its whole life; every minor unit is where it belongs in the end. */
async function financed(file: string): Promise<void> {
  const { xml, ubl, names } = await readDemoInvoice(read(file));
  const [seller, buyer] = [names.seller.organisation, names.buyer.organisation];
  const nodes = await MemoryNodes.startWith({ contractApps }, "Bank", "Lender", seller, buyer);
  try {
    const party = (name: string) => new MemoryParty(name, nodes.node(name));
    const parties = {
      bank: party("Bank"),
      lender: party("Lender"),
      seller: party(seller),
      buyer: party(buyer),
    };
    const steps = await runLifecycle({ parties, xml, ubl });
    const { differences, balances } = await reconcile(Object.values(parties));
    expect(differences).toEqual([]);
    const { payable } = ubl.totals;
    const fee = (payable * 5n) / 1000n;
    expect(balances).toEqual({
      Bank: {},
      [buyer]: {},
      [seller]: { [ubl.currency]: payable - fee },
      Lender: { [ubl.currency]: payable + fee },
    });
    for (const line of steps.map((step: LifecycleStep) => stepLine(step)))
      expect(line).not.toMatch(/undefined|NaN|\[object/);
  } finally {
    await nodes.stop();
  }
}

/** An invoice of which something is to be paid: credit notes and corrections are not financed. */
function isClaim(file: string): boolean {
  const { kind, totals } = readUbl(read(file));
  return kind === "invoice" && totals.payable > 0n;
}

function read(file: string): Uint8Array {
  return new Uint8Array(readFileSync(file));
}

function folderOf(contract: string): string {
  return fileURLToPath(import.meta.resolve(contract)).replace(/src\/contract\/index.ts$/, "");
}
