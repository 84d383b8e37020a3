import { afterEach, beforeEach, expect, test } from "vitest";
import { frameName } from "../flows/forged-frames.ts";
import { assertBooksAgree } from "./books.ts";
import { TradeNodes } from "./trade-nodes.ts";

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

async function answered(trader = "seller") {
  const { items } = await trade.node(trader).engine.list({ flow: "receivable/assign", limit: 2 });
  return items.map(({ status, error }) => `${status} ${error?.code ?? ""}`.trim());
}

test("a lender that is gone once the assignor has signed: after the window another buys", async () => {
  const offers = [await trade.accepted(invoice), await trade.accepted(invoice, {}, "rival")];
  let hasSigned = false;
  trade.nodes.onFrame = (node, frame) => {
    if (node !== trade.nameOf("lender") || frameName(frame) !== "signature") return true;
    hasSigned = true;
    trade.node("lender").crash();
    return false;
  };
  const [offer, other] = offers;
  const { engine } = trade.node("lender");
  await engine.start({ flow: "receivable/assign", input: { offer }, startedBy: "test" });
  await expect.poll(() => hasSigned).toBe(true);
  trade.nodes.onFrame = undefined;
  expect(await answered()).toEqual(["WAITING"]);
  trade.windowsEnd();
  await expect.poll(() => answered()).toEqual(["FAILED notary/absent"]);
  await trade.done("rival", "receivable/assign", { offer: other });
  // Who was silent comes back too late, and has lost nothing but the invoice.
  await trade.node("lender").restart();
  await expect.poll(() => answered("lender")).toEqual([expect.stringMatching(/^FAILED notary/)]);
  await assertBooksAgree(trade, [invoice]);
  expect(await trade.freeCash("lender")).toBe(trade.ubl.totals.payable);
});

test("of two lenders to whom the assignor has signed the later is told of the conflict", async () => {
  const offers = [await trade.accepted(invoice), await trade.accepted(invoice, {}, "rival")];
  const { network } = trade.node("rival");
  const { request } = network;
  let letGo = () => {};
  let isAsking = false;
  const isFirstThrough = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  network.request = async (peer, kind, ...rest) => {
    if (kind === "notary/notarise") {
      isAsking = true;
      await isFirstThrough;
    }
    return await request(peer, kind, ...rest);
  };
  const [first, second] = offers;
  const late = trade.run("rival", "receivable/assign", { offer: second });
  await expect.poll(() => isAsking).toBe(true);
  const assigned = await trade.done("lender", "receivable/assign", { offer: first });
  letGo();
  expect(await late).toMatchObject({ status: "FAILED", error: { code: "notary/conflict" } });
  // The notary has spoken: nothing of the loser's waits for the window.
  expect(await trade.freeCash("rival")).toBe(trade.ubl.totals.payable);
  expect((await answered()).sort()).toEqual(["COMPLETED", "WAITING"]);
  // The seller's node has signed, and asks nobody before the window is over.
  trade.windowsEnd();
  await expect
    .poll(async () => (await answered()).sort())
    .toEqual(["COMPLETED", "FAILED notary/absent"]);
  await assertBooksAgree(trade, [invoice]);
  expect(await trade.balance("seller")).toBe(BigInt(assigned.advance ?? 0));
});
