import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { anotherInvoice } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let issued = 0;

beforeAll(async () => {
  trade = await TradeNodes.start();
});
afterEach(async () => await assertBooksAgree(trade));
afterAll(async () => await trade.stop());

async function issue(): Promise<string> {
  issued += 1;
  const invoice = await trade.issue(anotherInvoice(trade.document, issued));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  return invoice;
}

async function status(invoice: string, of = "seller"): Promise<unknown> {
  return (await trade.state(of, "invoice/invoice", invoice)).status;
}

test.each<[response: string, clarification: string | undefined, status: string]>([
  ["AB", undefined, "acknowledged"],
  ["IP", undefined, "in-process"],
  ["UQ", "REF", "under-query"],
  ["CA", "PAY", "conditionally-accepted"],
  ["RE", "REC", "rejected"],
  ["AP", undefined, "approved"],
])("%s (%s) makes it %s, and both see why", async (response, clarification, expected) => {
  const invoice = await issue();
  const input = { invoice, response, ...(clarification && { clarification }) };
  const done = await trade.done("buyer", "invoice/respond", input);
  expect(done.status).toBe(expected);
  for (const trader of ["seller", "buyer"]) {
    const state = await trade.state(trader, "invoice/invoice", invoice);
    expect([state.status, state.clarification]).toEqual([expected, clarification]);
  }
});

test.each([
  ["UQ", undefined],
  ["CA", undefined],
  ["RE", undefined],
  ["AB", "REF"],
  ["AP", "REF"],
])("%s with clarification %s is refused, and says when one is due", async (response, given) => {
  const invoice = await issue();
  const input = { invoice, response, ...(given !== undefined && { clarification: given }) };
  const code = "invoice/clarification-given";
  const { detail } = await trade.refused("buyer", "invoice/respond", input, code);
  expect(detail).toContain("say why, others do not");
  expect(await status(invoice)).toBe("issued");
});

test("a query is answered by approval, and its reason goes with it", async () => {
  const invoice = await issue();
  const query = { invoice, response: "UQ", clarification: "REF" };
  await trade.done("buyer", "invoice/respond", query);
  await trade.done("buyer", "invoice/respond", { invoice, response: "AP" });
  const state = await trade.state("seller", "invoice/invoice", invoice);
  expect(state).toMatchObject({ status: "approved" });
  expect(state).not.toHaveProperty("clarification");
});

test("what is approved is answered no more", async () => {
  const invoice = await issue();
  await trade.done("buyer", "invoice/respond", { invoice, response: "AP" });
  const input = { invoice, response: "RE", clarification: "REC" };
  await trade.refused("buyer", "invoice/respond", input, "invoice/status-edge");
  expect(await status(invoice)).toBe("approved");
});

test("only the buyer answers", async () => {
  const invoice = await issue();
  const input = { invoice, response: "AP" };
  await trade.refused("seller", "invoice/respond", input, "invoice/not-the-buyer");
  await trade.refused("lender", "invoice/respond", input, "invoice/unknown");
});

test("the seller voids an invoice until it is approved, and not after", async () => {
  const [first, second, rejected] = [await issue(), await issue(), await issue()];
  await trade.done("seller", "invoice/void", { invoice: first });
  await trade.agree("invoice/invoice", first, "seller", "buyer");
  expect(await status(first, "buyer")).toBe("void");
  await trade.done("buyer", "invoice/respond", { invoice: second, response: "AP" });
  await trade.refused("seller", "invoice/void", { invoice: second }, "invoice/status-edge");
  const no = { invoice: rejected, response: "RE", clarification: "REC" };
  await trade.done("buyer", "invoice/respond", no);
  await trade.done("seller", "invoice/void", { invoice: rejected });
  await trade.refused("buyer", "invoice/void", { invoice: second }, "invoice/not-the-owner");
});

test("a void invoice's number stays used", async () => {
  const invoice = await issue();
  await trade.done("seller", "invoice/void", { invoice });
  const document = anotherInvoice(trade.document, issued).toString("base64");
  const input = { document, cashIssuers: ["Bank"] };
  await trade.refused("seller", "invoice/issue", input, "notary/unique-key-taken");
  trade.windowsEnd();
});

test("the owner writes off what is owed, and then nobody pays it", async () => {
  const invoice = await issue();
  await trade.done("buyer", "invoice/respond", { invoice, response: "AP" });
  await trade.refused("buyer", "invoice/write-off", { invoice }, "invoice/not-the-owner");
  await trade.done("seller", "invoice/write-off", { invoice });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  expect(await status(invoice, "buyer")).toBe("written-off");
  await trade.fund("buyer", 100n);
  await trade.refused("buyer", "invoice/pay", { invoice, amount: "100" }, "invoice/status-edge");
});
