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

async function approved(): Promise<string> {
  issued += 1;
  const invoice = await trade.approved(anotherInvoice(trade.document, issued));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  return invoice;
}

async function paidOf(invoice: string, trader = "seller") {
  const { status, paidOnLedger, payments } = await trade.state(trader, "invoice/invoice", invoice);
  return { status, paid: paidOnLedger, payments };
}

test("without cash nothing changes, and the words say how much is lacking", async () => {
  const invoice = await approved();
  const { payable } = trade.ubl.totals;
  await trade.fund("buyer", payable - 1n);
  const { facts } = await trade.refused("buyer", "invoice/pay", { invoice }, "vault/insufficient");
  expect(facts).toMatchObject({ requested: String(payable), available: String(payable - 1n) });
  expect(await paidOf(invoice)).toMatchObject({ status: "approved", paid: "0" });
});

test("paid in parts, each dated, and then no more", async () => {
  const invoice = await approved();
  const { payable } = trade.ubl.totals;
  const before = await trade.balance("seller");
  await trade.fund("buyer", payable);
  const part = await trade.done("buyer", "invoice/pay", { invoice, amount: "1" });
  expect(part).toMatchObject({ paid: "1", outstanding: String(payable - 1n) });
  expect(await paidOf(invoice)).toMatchObject({ status: "partially-paid", paid: "1" });
  const rest = await trade.done("buyer", "invoice/pay", { invoice });
  expect(rest).toMatchObject({ outstanding: "0" });
  expect(await paidOf(invoice)).toEqual({
    status: "paid",
    paid: String(payable),
    payments: [
      { on: "2026-03-05", amount: "1" },
      { on: "2026-03-05", amount: String(payable - 1n) },
    ],
  });
  expect((await trade.balance("seller")) - before).toBe(payable);
  await trade.refused("buyer", "invoice/pay", { invoice, amount: "1" }, "invoice/bad-amount");
});

test.each(["0", "1738156"])(
  "an amount of %s is refused before anybody is asked",
  async (amount) => {
    const invoice = await approved();
    const code = "invoice/bad-amount";
    const { detail, facts } = await trade.refused(
      "buyer",
      "invoice/pay",
      { invoice, amount },
      code,
    );
    expect(detail).toContain("1738155");
    expect(facts).toMatchObject({ field: "amount", outstanding: "1738155" });
  },
);

test("what is not approved is not paid", async () => {
  issued += 1;
  const invoice = await trade.issue(anotherInvoice(trade.document, issued));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  await trade.fund("buyer", 100n);
  await trade.refused("buyer", "invoice/pay", { invoice, amount: "100" }, "invoice/status-edge");
});

test("whoever means another payee is told the right one", async () => {
  const invoice = await approved();
  await trade.fund("buyer", 100n);
  const wrong = { invoice, amount: "10", payee: "Lender" };
  const { detail } = await trade.refused("buyer", "invoice/pay", wrong, "invoice/another-payee");
  expect(detail).toContain(trade.nameOf("seller"));
  await trade.done("buyer", "invoice/pay", { ...wrong, payee: trade.nameOf("seller") });
  expect(await paidOf(invoice)).toMatchObject({ paid: "10" });
});

test("cash of an issuer that the invoice does not name is not taken, named or not", async () => {
  const invoice = await approved();
  const amount = { minorUnits: "5000", currency: trade.ubl.currency };
  // The rival's own money: it counts as issued, too.
  await trade.done("rival", "cash/issue", { to: trade.nameOf("buyer"), amount });
  trade.issued += 5000n;
  const input = { invoice, amount: "5000", issuer: "Rival" };
  const { detail } = await trade.refused(
    "buyer",
    "invoice/pay",
    input,
    "invoice/issuer-not-accepted",
  );
  expect(detail).toContain("Rival");
  const all = await trade.done("buyer", "cash/pay", {
    to: "Bank",
    amount: { ...amount, minorUnits: String((await trade.balance("buyer")) - 5000n) },
    issuer: "Bank",
  });
  expect(all).toHaveProperty("transactionId");
  const others = { invoice, amount: "1" };
  await trade.refused("buyer", "invoice/pay", others, "vault/insufficient");
});

test("only the buyer pays, and unknown invoices are named", async () => {
  const invoice = await approved();
  await trade.refused("seller", "invoice/pay", { invoice }, "invoice/not-the-buyer");
  const { detail } = await trade.refused(
    "buyer",
    "invoice/pay",
    { invoice: "XY-1" },
    "invoice/unknown",
  );
  expect(detail).toContain("XY-1");
});

test("an invoice is found by its number", async () => {
  const invoice = await approved();
  await trade.fund("buyer", 100n);
  const { number } = await trade.state("buyer", "invoice/invoice", invoice);
  await trade.done("buyer", "invoice/pay", { invoice: number, amount: "7" });
  expect(await paidOf(invoice)).toMatchObject({ paid: "7" });
});
