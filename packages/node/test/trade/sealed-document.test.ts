import { afterAll, beforeAll, expect, test } from "vitest";
import { Written } from "../flows/written.ts";
import { TradeNodes } from "./trade-nodes.ts";

const PIECE_BYTES = 48;

let trade: TradeNodes;
beforeAll(async () => {
  trade = await TradeNodes.start();
});
afterAll(async () => await trade.stop());

/** Parts of the document that are found wherever a good part of it lies. */
function pieces(): Buffer[] {
  const { document } = trade;
  const count = Math.floor(document.length / (4 * PIECE_BYTES));
  return Array.from({ length: count }, (_, i) =>
    document.subarray(i * 4 * PIECE_BYTES, (i * 4 + 1) * PIECE_BYTES),
  );
}

test("of an invoice's document nothing lies in the clear, at no node, in no form", async () => {
  const written = new Written(trade.nodes, ...trade.traders.map((each) => trade.nameOf(each)));
  const input = { document: trade.document.toString("base64"), cashIssuers: ["Bank"] };
  const invoice = (await trade.done("seller", "invoice/issue", input)).linearId as string;
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  await trade.done("buyer", "invoice/respond", { invoice, response: "AP" });
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  // What is in the clear is found: this is not an empty search.
  expect(written.holds(Buffer.from("invoice/issue"))).toBe(true);
  const logged = new Written();
  logged.add(trade.nodes.logs);
  for (const piece of pieces()) {
    expect(written.holds(piece), piece.toString()).toBe(false);
    expect(logged.holds(piece), piece.toString()).toBe(false);
  }
});

test("its flow is shown with the document, and listed without", async () => {
  const { engine } = trade.node("seller");
  const { items } = await engine.list({ flow: "invoice/issue", limit: 1 });
  expect(items).toMatchObject([{ status: "COMPLETED", input: "" }]);
  const { input = "" } = (await engine.show(items[0]?.id ?? "")) ?? {};
  expect(JSON.parse(input).document).toBe(trade.document.toString("base64"));
});
