import { cashContract } from "@stateset/cash/contract";
import {
  coreSession,
  defineProtocol,
  type FlowContext,
  type KeyRef,
  signatureMessages,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import {
  type CreditNoteState,
  type InvoiceState,
  invoiceContract,
} from "@stateset/invoice/contract";
import { addInvoiceLeg, findInvoice } from "@stateset/invoice/leg";
import type { StateRef } from "@stateset/ledger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { anotherInvoice, changed, sampleDocument } from "./trade-documents.ts";
import { TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let mischief: Mischief;
/** Both sold to the lender, which has a credit note for each. */
let invoices: string[];
let notes: string[];

beforeEach(async () => {
  trade = await TradeNodes.start();
  mischief = new Mischief();
  for (const trader of ["lender", "seller"]) await mischief.installAt(trade, trader);
  await trade.fund("lender", trade.ubl.totals.payable * 2n);
  invoices = [];
  notes = [];
  for (const which of [1, 2]) {
    const invoice = await approved(which);
    await trade.sold(invoice);
    invoices.push(invoice);
    notes.push(await noteFor(invoice, which));
  }
});
afterEach(async () => {
  await trade.stop();
});

async function approved(which: number): Promise<string> {
  const invoice = await trade.approved(anotherInvoice(trade.document, which));
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
  return invoice;
}

async function noteFor(invoice: string, which: number): Promise<string> {
  const input = { invoice, document: noteDocument(which).toString("base64") };
  const { linearId = "" } = await trade.done("seller", "invoice/issue-credit-note", input);
  await trade.agree("invoice/credit-note", linearId, "seller", "buyer", "lender");
  return linearId;
}

function noteDocument(which: number): Buffer {
  return changed(
    sampleDocument("credit-note-eur.xml"),
    [/<cbc:ID>[^<]*</, `<cbc:ID>AG-${which}<`],
    [/<cbc:IssueDate>[^<]*</, `<cbc:IssueDate>2026-03-0${which}<`],
  );
}

async function held(trader: string, type: string, linearId: string) {
  const all = await trade.states(trader, type);
  const found = all.find(({ state }) => state.linearId === linearId);
  if (found === undefined) throw new Error(`${trader} has no ${type} ${linearId}`);
  return found;
}

/** The lender lets its first note count, with something on top. */
async function refused(code: string) {
  const input = { flow: "invoice/credit", input: JSON.stringify({ creditNote: notes[0] }) };
  const error = await trade.refused("lender", "mischief/tampered", input, code);
  await nothingCredited();
  return error;
}

async function nothingCredited(): Promise<void> {
  trade.windowsEnd();
  mischief.how = {};
  await assertBooksAgree(trade);
  for (const [i, invoice] of invoices.entries()) {
    const { state } = await held("buyer", "invoice/invoice", invoice);
    expect(state.creditedOnLedger).toBe("0");
    // What it is for it still counts against.
    await trade.done("lender", "invoice/credit", { creditNote: notes[i] });
  }
  await assertBooksAgree(trade);
}

async function ownState<S>(flow: FlowContext, ref: StateRef): Promise<S> {
  const [own] = await flow.states([ref]);
  return own?.state as S;
}

test("a note of another invoice on top", async () => {
  const { ref } = await held("lender", "invoice/credit-note", notes[1] ?? "");
  const note = await decodedAt<CreditNoteState>("lender", ref);
  mischief.how.begins = async (builder, flow) => {
    builder.addInput(ref, await flow.governing(invoiceContract));
  };
  mischief.how.output = (_, state) => ({
    ...state,
    creditedOnLedger: (state.creditedOnLedger as bigint) + note.totals.payable,
  });
  mischief.how.signers = () => [spendingKey(note.owner).signer];
  const { facts } = await refused("invoice/credits-this-invoice");
  expect(facts).toMatchObject({ facts: { creditNote: "AG-2" } });
});

test("another invoice on top, credited as much", async () => {
  const { ref } = await held("lender", "invoice/invoice", invoices[1] ?? "");
  mischief.how.begins = async (builder, flow) => {
    const governing = await flow.governing(invoiceContract);
    builder.addInput(ref, governing);
    builder.addOutput(governing, "invoice", await ownState<InvoiceState>(flow, ref));
  };
  await refused("invoice/credit-counts");
});

test("an invoice that the seller owns, so old that its identity may move it", async () => {
  const third = await approved(3);
  const { ref } = await held("seller", "invoice/invoice", third);
  await trade.done("seller", "receivable/request", { invoice: third, lender: "Lender" });
  await trade.later(8);
  const state = await decodedAt<InvoiceState>("seller", ref);
  mischief.how.begins = async (builder, flow) => {
    const governing = await flow.governing(invoiceContract);
    builder.addInput(ref, governing);
    builder.addOutput(governing, "invoice", {
      ...state,
      owner: await flow.holder(),
    } as InvoiceState);
    const { id: identity } = trade.node("seller").party;
    builder.addCommand(governing, "transfer", {}, [{ kind: "identity", identity }]);
  };
  await refused("tx/command-repeated");
  expect((await held("seller", "invoice/invoice", third)).ref).toEqual(ref);
});

test("cash of the buyer's, so old that its identity may move it", async () => {
  await trade.fund("buyer", 500n);
  await trade.later(8);
  const [coin] = await trade.states("buyer", "cash/cash");
  const ref = coin?.ref as StateRef;
  const issuer = trade.node("bank").party;
  mischief.how.begins = async (builder, flow) => {
    const governing = await flow.governing(cashContract);
    const amount = { minorUnits: 500n, currency: trade.ubl.currency };
    builder.addInput(ref, governing);
    builder.addOutput(governing, "cash", { issuer, owner: await flow.holder(), amount });
    const { id: identity } = trade.node("buyer").party;
    builder.addCommand(governing, "move", {}, [{ kind: "identity", identity }]);
  };
  await refused("invoice/not-agreed");
  expect(await trade.freeCash("buyer")).toBe(500n);
});

async function decodedAt<S>(trader: string, ref: StateRef): Promise<S> {
  const read: S[] = [];
  mischief.how.runs = async (flow) => {
    read.push(await ownState<S>(flow, ref));
  };
  await trade.done(trader, "mischief/own", {});
  return read[0] as S;
}

test("a note that names no invoice is not the seller's to choose one for", async () => {
  const third = await approved(3);
  mischief.how.output = (type, state) => {
    if (type !== "credit-note") return state;
    const { precedingInvoice: _, ...others } = state;
    return others;
  };
  const issue = { invoice: third, document: noteDocument(3).toString("base64") };
  const input = { flow: "invoice/issue-credit-note", input: JSON.stringify(issue) };
  await trade.refused("seller", "mischief/tampered", input, "invoice/unknown");
  expect(await trade.states("buyer", "invoice/credit-note")).toHaveLength(3);
  const [note] = (await trade.states("seller", "invoice/credit-note")).filter(
    ({ state }) => state.precedingInvoice === undefined,
  );
  mischief.how = {};
  mischief.how.runs = async (flow) => await credits(flow, third, note?.ref as StateRef);
  await trade.refused("seller", "mischief/own", {}, "invoice/not-agreed");
  expect((await held("buyer", "invoice/invoice", third)).state.creditedOnLedger).toBe("0");
  await nothingCredited();
});

/** What the seller would do with a note if the buyer let it. */
async function credits(flow: FlowContext, linearId: string, noteRef: StateRef) {
  const invoice = await findInvoice(flow, linearId);
  const note = await ownState<CreditNoteState>(flow, noteRef);
  const builder = await flow.build();
  builder.addInput(noteRef, await flow.governing(invoiceContract));
  const own = spendingKey(invoice.state.owner);
  const self = { kind: "identity", identity: flow.self.id } as const;
  await addInvoiceLeg(flow, builder, {
    held: invoice,
    change: { creditedOnLedger: note.totals.payable },
    command: "credit",
    signers: [own.signer, spendingKey(note.owner).signer, self],
  });
  const session = coreSession(await flow.open(agreeProtocol, note.buyer.id));
  const keys: KeyRef[] = [own.ref, { kind: "identity" }];
  return await transact(flow, { transaction: builder.build(), keys, signers: [session] });
}

const agreeProtocol = defineProtocol({
  name: "invoice/agree",
  version: 1,
  messages: signatureMessages,
});
