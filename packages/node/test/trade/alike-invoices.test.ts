import { afterAll, beforeAll, expect, test } from "vitest";
import { changed } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;

beforeAll(async () => {
  trade = await TradeNodes.start();
});
afterAll(async () => {
  await trade.stop();
});

test("two sellers' invoices of one number are told apart by the seller, and neither blocks the other", async () => {
  const { payable } = trade.ubl.totals;
  await trade.fund("buyer", 2n * payable);
  const first = await trade.approved();
  const document = changed(
    trade.document,
    [new RegExp(trade.nameOf("seller"), "g"), "Rival"],
    [/schemeID="0199">[^<]*</g, 'schemeID="0060">123<'],
  );
  const input = { document: document.toString("base64"), cashIssuers: ["Bank"] };
  await trade.done("rival", "invoice/issue", input);
  const invoice = trade.ubl.number;
  const unclear = await trade.run("buyer", "invoice/pay", { invoice });
  expect(unclear.error).toMatchObject({
    code: "invoice/ambiguous",
    facts: { sellers: expect.arrayContaining([expect.stringContaining("Rival")]) },
  });
  const paid = await trade.done("buyer", "invoice/pay", {
    invoice,
    seller: trade.nameOf("seller"),
  });
  expect(paid.outstanding).toBe("0");
  await trade.agree("invoice/invoice", first, "seller", "buyer");
  expect(await trade.balance("seller")).toBe(payable);
});
