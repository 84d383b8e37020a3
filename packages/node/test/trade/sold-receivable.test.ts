import { afterEach, beforeEach, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { creditingAll, sampleDocument } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let invoice: string;
let payable: bigint;

beforeEach(async () => {
  trade = await TradeNodes.start();
  payable = trade.ubl.totals.payable;
  await trade.fund("lender", payable);
  await trade.fund("buyer", payable);
  invoice = await trade.approved();
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
});
afterEach(async () => {
  await trade.stop();
});

async function receivableOf(receivable: string, trader = "seller") {
  return await trade.state(trader, "receivable/receivable", receivable);
}

async function credited(note: Buffer): Promise<void> {
  const input = { invoice, document: note.toString("base64") };
  const { linearId } = await trade.done("seller", "invoice/issue-credit-note", input);
  await trade.agree("invoice/credit-note", linearId as string, "seller", "buyer", "lender");
  await trade.done("lender", "invoice/credit", { creditNote: linearId });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
}

test("before notice the seller refuses payment, and says that it has sold; after it the lender is paid", async () => {
  const { notice } = await trade.assigned(invoice);
  const code = "invoice/not-the-payee";
  const { detail } = await trade.refused("buyer", "invoice/pay", { invoice }, code);
  expect(detail).toMatch(/has sold invoice AB-2026-00417: pay its new owner/);
  await assertBooksAgree(trade, [invoice]);
  await trade.refused("buyer", "receivable/acknowledge", { notice }, "receivable/unknown");
  await trade.done("lender", "receivable/notify", { notice });
  await trade.agree("receivable/notice", notice, "seller", "buyer", "lender");
  const old = { invoice, payee: trade.nameOf("seller") };
  const { facts } = await trade.refused("buyer", "invoice/pay", old, "invoice/another-payee");
  expect(facts).toMatchObject({ payee: expect.stringContaining("Lender") });
  for (const trader of ["seller", "lender"])
    await trade.refused(trader, "receivable/acknowledge", { notice }, "receivable/not-the-debtor");
  await trade.done("buyer", "receivable/acknowledge", { notice });
  const before = await trade.balance("lender");
  await trade.done("buyer", "invoice/pay", { invoice, payee: "Lender" });
  expect((await trade.balance("lender")) - before).toBe(payable);
  await assertBooksAgree(trade);
});

test("the buyer never sees the price", async () => {
  await trade.sold(invoice);
  expect(await trade.states("buyer", "receivable/receivable")).toEqual([]);
  expect(await trade.states("buyer", "receivable/offer")).toEqual([]);
});

test("nothing is collected or settled before anything is paid", async () => {
  const { receivable } = await trade.sold(invoice);
  const input = { receivable };
  await trade.refused("lender", "receivable/collect", input, "receivable/collects-something");
  await trade.refused("seller", "receivable/collect", input, "receivable/not-the-lender");
  await trade.refused("seller", "receivable/settle", input, "receivable/invoice-closed");
  await assertBooksAgree(trade);
});

test("the discount is for the days until the payment", async () => {
  const { receivable, advance } = await trade.sold(invoice);
  await trade.later(20);
  await trade.done("buyer", "invoice/pay", { invoice });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
  const settled = await trade.done("lender", "receivable/settle", { receivable });
  const discount = (BigInt(advance) * 75n * 20n) / (1000n * 360n);
  const fee = (payable * 5n) / 1000n;
  expect(settled).toMatchObject({
    ...{ discount: `${discount}`, fee: `${fee}`, charged: "0" },
    released: `${payable - BigInt(advance) - discount - fee}`,
  });
  expect(await trade.balance("seller")).toBe(payable - discount - fee);
  await assertBooksAgree(trade);
});

test("a credit note in part comes out of the reserve", async () => {
  const { receivable, advance } = await trade.sold(invoice);
  await credited(sampleDocument("credit-note-eur.xml"));
  const paid = await trade.done("buyer", "invoice/pay", { invoice });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
  const settled = await trade.done("lender", "receivable/settle", { receivable });
  const [released, fee, charged] = [settled.released, settled.fee, settled.charged];
  const left = BigInt(paid.paid as string) - BigInt(advance) - BigInt(fee as string);
  expect([released, charged]).toEqual([`${left}`, "0"]);
  expect(await receivableOf(receivable)).toMatchObject({ status: "settled" });
  await assertBooksAgree(trade);
});

test.each([
  [true, "the assignor gives back what was diluted, and starts"],
  [false, "the loss is the lender's"],
])("all is credited, dilution recourse %s: %s", async (dilutionRecourse) => {
  const { receivable, advance } = await trade.sold(invoice, { dilutionRecourse });
  await credited(creditingAll(trade.document));
  const input = { receivable };
  if (dilutionRecourse) {
    const code = "receivable/another-pays";
    const { detail } = await trade.refused("lender", "receivable/settle", input, code);
    expect(detail).toMatch(/Alpenblick.* has to start this, as it pays/);
    await trade.refused("seller", "receivable/settle", input, "vault/insufficient");
    await trade.fund("seller", payable);
  }
  const by = dilutionRecourse ? "seller" : "lender";
  const settled = await trade.done(by, "receivable/settle", input);
  const fee = (payable * 5n) / 1000n;
  const charged = dilutionRecourse ? BigInt(advance) + fee : 0n;
  expect(settled).toMatchObject({ released: "0", charged: `${charged}` });
  await trade.agree("receivable/receivable", receivable, "seller", "lender");
  expect(await receivableOf(receivable)).toMatchObject({ status: "diluted" });
  expect(await trade.balance("lender")).toBe(payable - BigInt(advance) + charged);
  await assertBooksAgree(trade);
});

test("overdue, recourse, bought back: the buyer hears of it and pays the seller again", async () => {
  const { receivable, advance } = await trade.sold(invoice, { recourseDays: 30 });
  const input = { receivable };
  await trade.refused("lender", "receivable/mark-overdue", input, "receivable/past-due");
  const early = await trade.refused(
    "seller",
    "receivable/repurchase",
    input,
    "receivable/recourse-not-called",
  );
  expect(early.detail).toContain("receivable/call-recourse");
  await trade.later(30); // the 4th of April, three days late
  await trade.done("lender", "receivable/mark-overdue", input);
  await trade.done("lender", "receivable/call-recourse", input);
  await trade.agree("receivable/receivable", receivable, "seller", "lender");
  await trade.refused("seller", "receivable/repurchase", input, "vault/insufficient");
  await trade.fund("seller", payable);
  const bought = await trade.done("seller", "receivable/repurchase", input);
  const discount = (BigInt(advance) * 75n * 30n) / (1000n * 360n);
  const fee = (payable * 5n) / 1000n;
  expect(bought).toMatchObject({ charged: `${BigInt(advance) + discount + fee}` });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  await trade.agree("receivable/receivable", receivable, "seller", "lender");
  expect(await receivableOf(receivable)).toMatchObject({ status: "repurchased" });
  expect((await trade.states("buyer", "receivable/notice"))[0]?.state.status).toBe("released");
  await trade.refused(
    "buyer",
    "invoice/pay",
    { invoice, payee: "Lender" },
    "invoice/another-payee",
  );
  await trade.done("buyer", "invoice/pay", { invoice, payee: trade.nameOf("seller") });
  expect(await trade.balance("seller")).toBe(payable + payable - discount - fee);
  await assertBooksAgree(trade);
});

test("after the days of recourse comes default, and what still comes in is recovered", async () => {
  const { receivable } = await trade.sold(invoice, { recourseDays: 5 });
  const input = { receivable };
  await trade.later(30);
  await trade.done("lender", "receivable/mark-overdue", input);
  await trade.refused("lender", "receivable/default", input, "receivable/default-late");
  await trade.later(5);
  await trade.refused("lender", "receivable/call-recourse", input, "receivable/recourse-in-time");
  await trade.done("lender", "receivable/default", input);
  await trade.agree("receivable/receivable", receivable, "seller", "lender");
  await trade.done("buyer", "invoice/pay", { invoice });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
  await trade.done("lender", "receivable/collect", input);
  expect(await receivableOf(receivable, "lender")).toMatchObject({ status: "defaulted" });
  await trade.done("lender", "receivable/settle", input);
  expect(await receivableOf(receivable, "lender")).toMatchObject({ status: "recovered" });
  await assertBooksAgree(trade);
});

test("without recourse none is called, and in the end the lender gives up", async () => {
  const { receivable } = await trade.sold(invoice);
  const input = { receivable };
  await trade.later(30);
  await trade.done("lender", "receivable/mark-overdue", input);
  await trade.refused("lender", "receivable/call-recourse", input, "receivable/recourse-agreed");
  await trade.done("lender", "receivable/default", input);
  await trade.done("lender", "invoice/write-off", { invoice });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
  await trade.done("lender", "receivable/settle", input);
  await trade.agree("receivable/receivable", receivable, "seller", "lender");
  expect(await receivableOf(receivable)).toMatchObject({ status: "written-off" });
  await trade.refused("buyer", "invoice/pay", { invoice }, "invoice/status-edge");
  await assertBooksAgree(trade);
});
