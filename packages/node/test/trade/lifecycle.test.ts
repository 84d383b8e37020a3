import { afterAll, beforeAll, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;

beforeAll(async () => {
  trade = await TradeNodes.start();
});
afterAll(async () => {
  await trade.stop();
});

test("an invoice is issued, approved, sold, paid in two parts, and settled; all books agree", async () => {
  const { payable } = trade.ubl.totals;
  await trade.fund("buyer", payable);
  await trade.fund("lender", payable);
  const invoice = await trade.issue();
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  for (const response of ["AB", "IP", "AP"])
    await trade.done("buyer", "invoice/respond", { invoice, response });
  const { advance, reserve, receivable, notice } = await trade.assigned(invoice);
  expect(BigInt(advance) + BigInt(reserve)).toBe(payable);
  expect(await trade.balance("seller")).toBe(BigInt(advance));
  await trade.done("lender", "receivable/notify", { notice });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer", "lender");
  await trade.done("buyer", "receivable/acknowledge", { notice });
  const part = payable / 3n;
  await trade.done("buyer", "invoice/pay", { invoice, amount: String(part) });
  await trade.done("lender", "receivable/collect", { receivable });
  expect(await trade.state("lender", "receivable/receivable", receivable)).toMatchObject({
    status: "collecting",
    collected: String(part),
  });
  await trade.done("buyer", "invoice/pay", { invoice });
  await trade.agree("invoice/invoice", invoice, "seller", "lender");
  const settled = await trade.done("lender", "receivable/settle", { receivable });
  const [discount, fee, released] = [settled.discount, settled.fee, settled.released].map((each) =>
    BigInt(each as string),
  ) as [bigint, bigint, bigint];
  expect(discount).toBe(0n); // assigned and paid on one day
  expect(fee).toBe((payable * 5n) / 1000n);
  expect(await trade.balance("buyer")).toBe(0n);
  expect(await trade.balance("seller")).toBe(payable - fee);
  expect(await trade.balance("lender")).toBe(payable + fee);
  expect(released).toBe(BigInt(reserve) - fee);
  await assertBooksAgree(trade);
  for (const trader of ["seller", "buyer", "lender"])
    expect(await trade.state(trader, "invoice/invoice", invoice)).toMatchObject({ status: "paid" });
  expect(await trade.states("buyer", "receivable/receivable")).toEqual([]);
});
