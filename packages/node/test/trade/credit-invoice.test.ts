import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { anotherInvoice, changed, creditingAll, sampleDocument } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let issued = 0;

beforeAll(async () => {
  trade = await TradeNodes.start();
});
afterEach(async () => await assertBooksAgree(trade));
afterAll(async () => await trade.stop());

async function approved(): Promise<string> {
  issued += 1;
  const invoice = await trade.approved(anotherInvoice(trade.document, issued));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  return invoice;
}

/** The sample's note, another one each time: its fingerprint is of its day. */
function part(): Buffer {
  const day = `2026-03-${String(issued).padStart(2, "0")}`;
  return changed(
    sampleDocument("credit-note-eur.xml"),
    [/<cbc:ID>[^<]*</, `<cbc:ID>AG-${issued}<`],
    [/<cbc:IssueDate>[^<]*</, `<cbc:IssueDate>${day}<`],
  );
}

const all = () => creditingAll(anotherInvoice(trade.document, issued), `AG-ALL-${issued}`);
const input = (invoice: string, note: Buffer) => ({ invoice, document: note.toString("base64") });

test("a note in part counts at once where the seller owns the invoice", async () => {
  const invoice = await approved();
  const done = await trade.done("seller", "invoice/issue-credit-note", input(invoice, part()));
  expect(done.credited).toBe(true);
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  const state = await trade.state("buyer", "invoice/invoice", invoice);
  expect(state.status).toBe("approved");
  expect(BigInt(state.creditedOnLedger as string)).toBeGreaterThan(0n);
  // What is left is what the buyer pays.
  const left = trade.ubl.totals.payable - BigInt(state.creditedOnLedger as string);
  await trade.fund("buyer", left);
  expect(await trade.done("buyer", "invoice/pay", { invoice })).toMatchObject({ paid: `${left}` });
  for (const trader of ["seller", "buyer"])
    expect(await trade.states(trader, "invoice/credit-note")).toEqual([]);
});

test("a note over all leaves nothing to pay", async () => {
  const invoice = await approved();
  await trade.done("seller", "invoice/issue-credit-note", input(invoice, all()));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  expect(await trade.state("buyer", "invoice/invoice", invoice)).toMatchObject({
    status: "credited",
  });
});

test("a note over more than is outstanding is not even issued, and its number stays free", async () => {
  const invoice = await approved();
  await trade.fund("buyer", 100n);
  await trade.done("buyer", "invoice/pay", { invoice, amount: "100" });
  const { detail, facts } = await trade.refused(
    "seller",
    "invoice/issue-credit-note",
    input(invoice, all()),
    "invoice/not-creditable",
  );
  expect(detail).toContain("1738055 are outstanding");
  expect(facts).toMatchObject({ outstanding: "1738055", credit: "1738155" });
  expect(await trade.states("buyer", "invoice/credit-note")).toEqual([]);
});

test("an invoice that is not approved is voided and not credited", async () => {
  issued += 1;
  const invoice = await trade.issue(anotherInvoice(trade.document, issued));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  const code = "invoice/not-creditable";
  await trade.refused("seller", "invoice/issue-credit-note", input(invoice, part()), code);
});

test("only the seller credits, and only with a credit note", async () => {
  const invoice = await approved();
  const asInvoice = input(invoice, anotherInvoice(trade.document, 27));
  await trade.refused("seller", "invoice/issue-credit-note", asInvoice, "invoice/wrong-document");
  const byBuyer = input(invoice, part());
  await trade.refused("buyer", "invoice/issue-credit-note", byBuyer, "invoice/party-differs");
});

test("of a sold invoice the lender decides, and until then the note lies with buyer and lender", async () => {
  const invoice = await approved();
  await trade.fund("lender", trade.ubl.totals.payable);
  await trade.sold(invoice);
  const done = await trade.done("seller", "invoice/issue-credit-note", input(invoice, part()));
  expect(done.credited).toBe(false);
  const creditNote = done.linearId as string;
  await trade.agree("invoice/credit-note", creditNote, "seller", "buyer", "lender");
  const own = { creditNote };
  await trade.refused("seller", "invoice/credit", own, "invoice/not-the-owner");
  await trade.refused("buyer", "invoice/credit", own, "invoice/not-the-owner");
  const credited = await trade.done("lender", "invoice/credit", own);
  await trade.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
  const { creditedOnLedger } = await trade.state("buyer", "invoice/invoice", invoice);
  expect(creditedOnLedger).toBe(credited.credited);
  expect(await trade.states("lender", "invoice/credit-note")).toEqual([]);
  await trade.refused("lender", "invoice/credit", own, "invoice/unknown-credit-note");
});
