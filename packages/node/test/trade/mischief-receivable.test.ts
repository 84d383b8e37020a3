import type { FlowContext } from "@stateset/flow/app";
import { type InvoiceState, invoiceContract } from "@stateset/invoice/contract";
import { formatStateRef, type StateRef, type TransactionBuilder } from "@stateset/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { anotherInvoice } from "./trade-documents.ts";
import { TERMS, TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let mischief: Mischief;

beforeEach(async () => {
  trade = await TradeNodes.start();
  mischief = new Mischief();
});
afterEach(async () => {
  await trade.stop();
});

const tampered = (flow: string, input: object) => ({ flow, input: JSON.stringify(input) });

async function approved(which: number): Promise<string> {
  const invoice = await trade.approved(anotherInvoice(trade.document, which));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  return invoice;
}

async function refOf(trader: string, type: string, linearId: string) {
  const found = (await trade.states(trader, type)).find(({ state }) => state.linearId === linearId);
  if (found === undefined) throw new Error(`${trader} has no ${type} ${linearId}`);
  return found;
}

describe("a lender that assigns", () => {
  let invoice: string;
  let offer: string;

  beforeEach(async () => {
    await mischief.installAt(trade, "lender");
    await trade.fund("lender", trade.ubl.totals.payable);
    invoice = await approved(1);
    offer = await trade.accepted(invoice);
  });

  async function refusedTo(code: string) {
    const flow = "mischief/tampered";
    const input = tampered("receivable/assign", { offer });
    const error = await trade.refused("lender", flow, input, code);
    const responders = await trade
      .node("seller")
      .engine.list({ flow: "receivable/assign", limit: 1 });
    expect(responders.items[0]).toMatchObject({ status: "FAILED", error: { code } });
    // The lender has signed: its coins are free once its window is over.
    trade.windowsEnd();
    mischief.how = {};
    await assertBooksAgree(trade);
    expect(await trade.balance("seller")).toBe(0n);
    // The seller's invoice is still its own to sell.
    await trade.done("lender", "receivable/assign", { offer });
    return error;
  }

  test("for less than the advance", async () => {
    mischief.how.output = (type, state) => {
      const { amount, owner } = state as { amount: { minorUnits: bigint }; owner: object };
      const isAdvance = type === "cash" && amount.minorUnits === 1390524n;
      return isAdvance ? { ...state, owner, amount: { ...amount, minorUnits: 1n } } : state;
    };
    await refusedTo("receivable/cash-for-title");
  });

  test("with a receivable of other terms", async () => {
    mischief.how.output = (type, state) =>
      type === "receivable"
        ? { ...state, terms: { ...(state.terms as object), discountRate: "99" } }
        : state;
    await refusedTo("receivable/as-offered");
  });

  test("with a receivable that has charged already", async () => {
    mischief.how.output = (type, state) =>
      type === "receivable" ? { ...state, charged: 5n } : state;
    await refusedTo("receivable/assigned-fresh");
  });

  test("with another invoice of the seller's on top, so old that its identity may move it", async () => {
    const other = await approved(2);
    await trade.agree("invoice/invoice", other, "seller", "buyer");
    await trade.later(8);
    await trade.done("lender", "receivable/expire", { offer });
    await trade.agree("receivable/offer", offer, "seller", "lender");
    offer = await trade.accepted(invoice);
    const { ref } = await refOf("seller", "invoice/invoice", other);
    await shown(other);
    mischief.how.begins = async (builder, flow) => await addTransfer(builder, flow, ref);
    const { id: identity } = trade.node("seller").party;
    mischief.how.signers = (command) =>
      command === "transfer" ? [{ kind: "identity", identity }] : [];
    await refusedTo("flow/spends-more");
    expect((await refOf("seller", "invoice/invoice", other)).ref).toEqual(ref);
  });

  /** The lender has seen it before: it was asked for an offer. */
  async function shown(other: string): Promise<void> {
    const asked = { invoice: other, lender: "Lender" };
    const request = await trade.done("seller", "receivable/request", asked);
    await trade.done("lender", "receivable/decline", { offer: request.offer });
  }
});

/** One more invoice for the transaction to transfer to whoever builds it. */
async function addTransfer(builder: TransactionBuilder, flow: FlowContext, ref: StateRef) {
  const governing = await flow.governing(invoiceContract);
  const [found] = await flow.states([ref]);
  builder.addInput(ref, governing);
  const stolen = { ...(found?.state as InvoiceState), owner: await flow.holder() };
  builder.addOutput(governing, "invoice", stolen);
}

test("a seller that buys back one invoice, and puts the lender's others in as well", async () => {
  await mischief.installAt(trade, "seller");
  await trade.fund("lender", trade.ubl.totals.payable * 2n);
  const terms = { recourseDays: 60 };
  const [wanted, other] = [await approved(1), await approved(2)];
  const { receivable, advance } = await trade.sold(wanted, terms);
  await trade.sold(other, terms);
  await trade.later(30);
  await trade.done("lender", "receivable/mark-overdue", { receivable });
  await trade.done("lender", "receivable/call-recourse", { receivable });
  await trade.agree("receivable/receivable", receivable, "seller", "lender");
  await trade.fund("seller", BigInt(advance));
  const stolen = await refOf("seller", "invoice/invoice", other);
  mischief.how.begins = async (builder, flow) => await addTransfer(builder, flow, stolen.ref);
  const { key } = stolen.state.owner as { key: never };
  mischief.how.signers = (command) => (command === "transfer" ? [{ kind: "key", key }] : []);
  const input = tampered("receivable/repurchase", { receivable });
  const code = "flow/spends-more";
  const { facts } = await trade.refused("seller", "mischief/tampered", input, code);
  expect(facts).toMatchObject({ refs: [formatStateRef(stolen.ref)] });
  trade.windowsEnd();
  await assertBooksAgree(trade);
  expect(await trade.state("lender", "invoice/invoice", other)).toMatchObject({
    status: "approved",
  });
});

test("strangers that ask for offers and receivables learn nothing, not even that there are any", async () => {
  await mischief.installAt(trade, "rival");
  const invoice = await approved(1);
  const offer = await trade.accepted(invoice);
  const { state } = await refOf("lender", "receivable/offer", offer);
  // The rival has an offer of its own, and asks for the other under its session.
  const own = await trade.accepted(invoice, TERMS, "rival");
  for (const asked of [offer, invoice]) {
    mischief.how.says = (message, content) =>
      message === "offer" ? { ...content, offer: asked } : content;
    const input = tampered("receivable/assign", { offer: own });
    const error = await trade.refused("rival", "mischief/tampered", input, "receivable/unknown");
    expect(JSON.stringify(error)).not.toContain(String(state.invoiceNumber));
  }
  mischief.how = {};
  await assertBooksAgree(trade);
});
