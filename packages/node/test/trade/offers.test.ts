import { afterEach, beforeEach, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { anotherInvoice, changed, due } from "./trade-documents.ts";
import { TERMS, TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let invoice: string;

beforeEach(async () => {
  trade = await TradeNodes.start();
  await trade.fund("lender", trade.ubl.totals.payable);
  await trade.fund("rival", trade.ubl.totals.payable);
  invoice = await trade.approved();
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
});
afterEach(async () => {
  await trade.stop();
});

async function statusOf(offer: string, trader = "seller") {
  return (await trade.state(trader, "receivable/offer", offer)).status;
}

test("two lenders offer, a better quote is taken, and the other offer ends one way or another", async () => {
  const [first, second] = [await trade.offered(invoice), await trade.offered(invoice, {}, "rival")];
  const better = { ...TERMS, advanceRate: "90" };
  await trade.done("rival", "receivable/quote", { offer: second, ...better });
  await trade.agree("receivable/offer", second, "seller", "rival");
  const { detail } = await trade.refused(
    "seller",
    "receivable/accept",
    { offer: "AB-2026-00417" },
    "receivable/ambiguous",
  );
  expect(detail).toContain("by linear id");
  await trade.done("seller", "receivable/accept", { offer: second });
  const assigned = await trade.done("rival", "receivable/assign", { offer: second });
  expect(assigned.advance).toBe(String((trade.ubl.totals.payable * 9n) / 10n));
  await trade.done("seller", "receivable/decline", { offer: first });
  await trade.agree("receivable/offer", first, "seller", "lender");
  expect(await statusOf(first, "lender")).toBe("declined");
  await assertBooksAgree(trade, [invoice]);
});

test("who made a request or an offer takes it back, and nobody else", async () => {
  const { offer: asked } = await trade.done("seller", "receivable/request", {
    invoice,
    lender: "Lender",
  });
  const request = { offer: asked };
  await trade.refused("lender", "receivable/withdraw", request, "receivable/not-the-assignor");
  await trade.refused("seller", "receivable/decline", request, "receivable/not-the-lender");
  await trade.done("seller", "receivable/withdraw", request);
  const offer = await trade.offered(invoice, {}, "rival");
  await trade.refused("seller", "receivable/withdraw", { offer }, "receivable/not-the-lender");
  await trade.done("rival", "receivable/withdraw", { offer });
  await trade.agree("receivable/offer", offer, "seller", "rival");
  expect([await statusOf(asked as string), await statusOf(offer)]).toEqual([
    "withdrawn",
    "withdrawn",
  ]);
  await trade.refused("seller", "receivable/accept", { offer }, "receivable/status-edge");
  await assertBooksAgree(trade);
});

test("an offer whose time is over is not accepted, and expires", async () => {
  const offer = await trade.offered(invoice, { validForHours: 1 });
  await trade.refused("lender", "receivable/expire", { offer }, "receivable/offer-expired");
  await trade.later(1);
  const code = "receivable/offer-over";
  const { detail } = await trade.refused("seller", "receivable/accept", { offer }, code);
  expect(detail).toContain("ask for another");
  await trade.done("lender", "receivable/expire", { offer });
  await trade.agree("receivable/offer", offer, "seller", "lender");
  expect(await statusOf(offer)).toBe("expired");
  await assertBooksAgree(trade);
});

test("an accepted offer whose time is over is not assigned", async () => {
  const offer = await trade.accepted(invoice, { validForHours: 1 });
  await trade.later(1);
  await trade.refused("lender", "receivable/assign", { offer }, "receivable/offer-valid");
  await assertBooksAgree(trade);
});

test("what was not accepted is not assigned, and what was is assigned once", async () => {
  const offer = await trade.offered(invoice);
  const refused = await trade.refused(
    "lender",
    "receivable/assign",
    { offer },
    "receivable/not-accepted",
  );
  expect(refused.detail).toContain("has not accepted");
  await trade.done("seller", "receivable/accept", { offer });
  await trade.done("lender", "receivable/assign", { offer });
  await trade.refused("lender", "receivable/assign", { offer }, "receivable/unknown");
  await assertBooksAgree(trade, [invoice]);
});

test("an invoice that was paid in part meanwhile is not assigned: the words say why", async () => {
  const offer = await trade.accepted(invoice);
  await trade.fund("buyer", 100n);
  await trade.done("buyer", "invoice/pay", { invoice, amount: "100" });
  const code = "receivable/not-as-shown";
  const { detail, facts } = await trade.refused("lender", "receivable/assign", { offer }, code);
  expect(detail).toMatch(/face of the offer is 1738155, of the invoice 1738055: ask for an offer/);
  expect(facts).toMatchObject({ field: "face" });
  await assertBooksAgree(trade);
  expect(await trade.balance("lender")).toBe(trade.ubl.totals.payable);
});

test("of two lenders with accepted offers one gets it, and the other keeps its money", async () => {
  const offers = {
    lender: await trade.accepted(invoice),
    rival: await trade.accepted(invoice, {}, "rival"),
  };
  const ended = await Promise.all(
    Object.entries(offers).map(async ([lender, offer]) => ({
      lender,
      ...(await trade.run(lender, "receivable/assign", { offer })),
    })),
  );
  const lost = ended.filter(({ status }) => status === "FAILED");
  expect(ended.filter(({ status }) => status === "COMPLETED")).toHaveLength(1);
  expect(lost).toHaveLength(1);
  const loser = lost[0]?.lender as string;
  expect(["notary/conflict", "receivable/no-title", "invoice/unknown"]).toContain(
    lost[0]?.error?.code,
  );
  trade.windowsEnd();
  expect(await trade.freeCash(loser)).toBe(trade.ubl.totals.payable);
  await assertBooksAgree(trade, [invoice]);
});

test("an overdue invoice is bought only as far past due as agreed", async () => {
  const late = await trade.approved(due(anotherInvoice(trade.document, 1), "2026-03-01"));
  const offer = await trade.accepted(late);
  const code = "receivable/not-overdue";
  const { detail } = await trade.refused("lender", "receivable/assign", { offer }, code);
  expect(detail).toContain("no further past due than agreed");
  await trade.done("lender", "receivable/expire", { offer }).catch(() => undefined);
  const again = await trade.accepted(late, { overdueDaysMax: 4 }, "rival");
  await trade.done("rival", "receivable/assign", { offer: again });
});

test("where the invoice names no due date the request does", async () => {
  const document = changed(anotherInvoice(trade.document, 2), [
    /\s*<cbc:DueDate>[^<]*<\/cbc:DueDate>/,
    "",
  ]);
  const open = await trade.approved(document);
  const asked = { invoice: open, lender: "Lender" };
  const { detail } = await trade.refused(
    "seller",
    "receivable/request",
    asked,
    "receivable/due-date",
  );
  expect(detail).toContain("give one as dueDate");
  await trade.done("seller", "receivable/request", { ...asked, dueDate: "2026-05-01" });
  const twice = { invoice, lender: "Lender", dueDate: "2026-05-01" };
  await trade.refused("seller", "receivable/request", twice, "receivable/due-date");
});

test("a buyer cannot have its own debt financed, and a debtor lends nothing on it", async () => {
  const byBuyer = { invoice, lender: "Lender" };
  await trade.refused("buyer", "receivable/request", byBuyer, "receivable/no-title");
  const ofBuyer = { invoice, lender: trade.nameOf("buyer") };
  await trade.refused("seller", "receivable/request", ofBuyer, "receivable/parties-differ");
  await assertBooksAgree(trade);
});
