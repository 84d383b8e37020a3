import { record, uint } from "@stateset/codec/schema";
import {
  awaitFinal,
  type CoreSession,
  checkAndSign,
  coreSession,
  defineProtocol,
  type FlowContext,
  recordedMessageSchema,
  showRecorded,
  spendingKey,
} from "@stateset/flow/app";
import type { InvoiceState } from "@stateset/invoice/contract";
import type { StateRef } from "@stateset/ledger";
import { holderSchema } from "@stateset/ledger/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { anotherInvoice, changed } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let mischief: Mischief;

beforeEach(async () => {
  trade = await TradeNodes.start();
  mischief = new Mischief();
  await mischief.installAt(trade, "seller");
  await trade.fund("lender", trade.ubl.totals.payable);
});
afterEach(async () => {
  await trade.stop();
});

async function approved(which: number): Promise<string> {
  const invoice = await trade.approved(anotherInvoice(trade.document, which));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  return invoice;
}

async function held(invoice: string, trader = "seller") {
  const all = await trade.states(trader, "invoice/invoice");
  const found = all.find(({ state }) => state.linearId === invoice);
  if (found === undefined) throw new Error(`${trader} has no invoice ${invoice}`);
  return found;
}

/** Answers a lender that assigns by showing this, and signs whatever comes. */
function shows(ref: StateRef): void {
  mischief.how.answers = {
    "receivable/assign": async (flow, session) => {
      await session.receive("offer");
      const title = { index: ref.index, shown: await showRecorded(flow, ref.txId, session) };
      await session.send("title", { title, holder: await flow.holder() });
      return await signsAll(flow, session, ref);
    },
  };
}

async function signsAll(flow: FlowContext, session: CoreSession, ref: StateRef) {
  const [own] = await flow.states([ref]);
  if (own === undefined) throw new Error("what was shown is recorded");
  const { owner } = own.state as InvoiceState;
  const { id } = await checkAndSign(flow, session, {
    keys: [spendingKey(owner).ref, { kind: "identity" }],
    agree: ({ contents }) => contents.inputs,
  });
  await awaitFinal(flow, session, id);
  return { id };
}

async function nothingPaid(): Promise<void> {
  trade.windowsEnd();
  await assertBooksAgree(trade);
  expect(await trade.freeCash("lender")).toBe(trade.ubl.totals.payable);
}

describe("an assignor that shows a lender who pays", () => {
  let invoice: string;
  let offer: string;

  beforeEach(async () => {
    invoice = await approved(1);
    offer = await trade.accepted(invoice);
  });

  async function refused(code: string) {
    return await trade.refused("lender", "receivable/assign", { offer }, code);
  }

  test("a title that was sold since", async () => {
    const { ref } = await held(invoice);
    await trade.fund("rival", trade.ubl.totals.payable);
    const other = await trade.accepted(invoice, {}, "rival");
    await trade.done("rival", "receivable/assign", { offer: other });
    shows(ref);
    await refused("notary/conflict");
    trade.windowsEnd();
    await assertBooksAgree(trade, [invoice]);
    expect(await trade.freeCash("lender")).toBe(trade.ubl.totals.payable);
  });

  test("the title as it was before it was approved", async () => {
    const { state } = await held(invoice);
    const { items } = await trade.node("seller").store.query({
      ...{ contract: "invoice", type: "invoice", status: "consumed", limit: 10 },
    });
    const before = items.find((each) => each.state.linearId === state.linearId);
    shows(before?.ref as StateRef);
    await refused("receivable/invoice-approved");
    await nothingPaid();
  });

  test("another invoice of its own", async () => {
    shows((await held(await approved(2))).ref);
    const { facts } = await refused("receivable/not-as-shown");
    expect(facts).toMatchObject({ field: "invoice" });
    await nothingPaid();
  });

  test("an invoice that it has sold to another", async () => {
    await trade.fund("rival", trade.ubl.totals.payable);
    const sold = await approved(2);
    const other = await trade.accepted(sold, {}, "rival");
    await trade.done("rival", "receivable/assign", { offer: other });
    shows((await held(sold)).ref);
    await refused("receivable/no-title");
    trade.windowsEnd();
    await assertBooksAgree(trade, [sold]);
  });

  test("an output that is not there", async () => {
    const { ref } = await held(invoice);
    shows({ ...ref, index: 9 });
    await refused("receivable/no-title");
    await nothingPaid();
  });

  test("cash, of which the lender then keeps nothing", async () => {
    const coin = await coinOfSeller();
    shows(coin);
    await refused("receivable/no-title");
    await nothingPaid();
    expect(await trade.node("lender").engine.transaction(coin.txId)).toBeUndefined();
  });
});

async function coinOfSeller(): Promise<StateRef> {
  await trade.fund("seller", 100n);
  const [coin] = await trade.states("seller", "cash/cash");
  return coin?.ref as StateRef;
}

describe("an assignor that asks for an offer, and shows", () => {
  async function asks(ref: StateRef) {
    mischief.how.runs = async (flow) => {
      const { id } = trade.node("lender").party;
      const session = coreSession(await flow.open(requestProtocol, id));
      const title = { index: ref.index, shown: await showRecorded(flow, ref.txId, session) };
      await session.send("title", { title });
      return await session.receive("holder");
    };
    await trade.refused("seller", "mischief/own", {}, "receivable/no-title");
    await assertBooksAgree(trade);
    expect(await trade.node("lender").engine.transaction(ref.txId)).toBeUndefined();
  }

  test("cash", async () => {
    await asks(await coinOfSeller());
  });

  test("an invoice that it was issued itself, and so owes", async () => {
    const named = changed(
      changed(anotherInvoice(trade.document, 3), [/Nordhafen Logistik GmbH/, "Somebody"]),
      [trade.nameOf("seller"), "Rival"],
      ["Somebody", trade.nameOf("seller")],
    );
    const document = named.toString("base64");
    const input = { document, cashIssuers: ["Bank"] };
    const { linearId } = await trade.done("rival", "invoice/issue", input);
    await asks((await held(linearId as string)).ref);
  });
});

const requestProtocol = defineProtocol({
  name: "receivable/request",
  version: 1,
  messages: {
    title: {
      from: "initiator",
      schema: record({ title: record({ index: uint(), shown: recordedMessageSchema }) }),
    },
    holder: { from: "responder", schema: record({ holder: holderSchema }) },
  },
});
