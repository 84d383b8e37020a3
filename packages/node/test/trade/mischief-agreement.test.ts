import {
  type CoreSession,
  coreSession,
  defineProtocol,
  type FlowContext,
  signatureMessages,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import type { CommandSigner, StateRef } from "@stateset/ledger";
import { type NoticeState, receivableContract } from "@stateset/receivable/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { assertBooksAgree } from "./books.ts";
import { Mischief } from "./mischief.ts";
import { TERMS, TradeNodes } from "./trade-nodes.ts";

let trade: TradeNodes;
let mischief: Mischief;
let invoice: string;

beforeEach(async () => {
  trade = await TradeNodes.start();
  mischief = new Mischief();
  for (const trader of ["seller", "rival"]) await mischief.installAt(trade, trader);
  invoice = await trade.approved();
  await trade.agree("invoice/invoice", invoice, "seller", "buyer");
});
afterEach(async () => {
  await trade.stop();
});

const agreeProtocol = defineProtocol({
  name: "receivable/agree",
  version: 1,
  messages: signatureMessages,
});

type Said = {
  type: "offer" | "notice";
  ref: StateRef;
  /** As the seller's node has decoded it: a stranger may have it from anywhere. */
  state: Record<string, unknown>;
  command: "accept" | "decline" | "withdraw" | "acknowledge" | "notify";
  status: string;
  /** Who is listed besides the lender's key. */
  listed: string;
};

/** Asks the lender to sign what only another has a right to say. */
async function says(trader: string, said: Said, code: string): Promise<void> {
  const lender = trade.node("lender").party.id;
  const { type, ref, state, command, status, listed } = said;
  mischief.how.runs = async (flow) => {
    const governing = await flow.governing(receivableContract);
    const builder = await flow.build();
    builder.addInput(ref, governing);
    builder.addOutput(governing, type, { ...state, status } as never);
    const by: CommandSigner = {
      kind: "identity",
      identity: trade.node(listed).party.id,
    };
    const { owner } = state as NoticeState;
    builder.addCommand(governing, command, {}, [by, spendingKey(owner).signer]);
    const session: CoreSession = coreSession(await flow.open(agreeProtocol, lender));
    const transaction = builder.build();
    return await transact(flow, { transaction, keys: [{ kind: "identity" }], signers: [session] });
  };
  await trade.refused(trader, "mischief/own", {}, code);
  trade.windowsEnd();
}

/** A state as the seller's node has decoded it. */
async function decoded(type: string, linearId: string) {
  const all = await trade.states("seller", type);
  const ref = all.find(({ state }) => state.linearId === linearId)?.ref as StateRef;
  let state: Record<string, unknown> = {};
  mischief.how.runs = async (flow: FlowContext) => {
    state = { ...(await flow.states([ref]))[0]?.state };
  };
  await trade.done("seller", "mischief/own", {});
  return { ref, state };
}

test("nobody but the debtor acknowledges a notice: neither assignor nor stranger", async () => {
  await trade.fund("lender", trade.ubl.totals.payable);
  const { notice } = await trade.sold(invoice);
  await trade.agree("receivable/notice", notice, "seller", "lender", "buyer");
  const said = {
    ...{ type: "notice" as const, ...(await decoded("receivable/notice", notice)) },
    ...{ command: "acknowledge" as const, status: "acknowledged" },
  };
  for (const trader of ["seller", "rival"]) {
    await says(trader, { ...said, listed: trader }, "receivable/acknowledge-signed-by-debtor");
    await says(trader, { ...said, listed: "buyer" }, "receivable/not-agreed");
  }
  await assertBooksAgree(trade);
  expect(await trade.state("buyer", "receivable/notice", notice)).toMatchObject({
    status: "given",
  });
  await trade.done("buyer", "receivable/acknowledge", { notice });
});

test("nobody but its assignor says anything to an offer", async () => {
  const offer = await trade.offered(invoice);
  const said = {
    ...{ type: "offer" as const, ...(await decoded("receivable/offer", offer)) },
    listed: "rival",
  };
  const commands = [
    ["accept", "accepted", "receivable/accept-signed-by-assignor"],
    ["decline", "declined", "receivable/declined-by-asked"],
    ["withdraw", "withdrawn", "receivable/not-agreed"],
  ] as const;
  for (const [command, status, code] of commands) {
    await says("rival", { ...said, command, status }, code);
    const asAssignor = { ...said, command, status, listed: "seller" };
    await says("rival", asAssignor, "receivable/not-agreed");
  }
  await assertBooksAgree(trade);
  expect(await trade.state("lender", "receivable/offer", offer)).toMatchObject({
    status: "offered",
  });
  await trade.done("seller", "receivable/accept", { offer });
});

test("an assignor does not decline its own request in the lender's name", async () => {
  const asked = { invoice, lender: "Lender" };
  const { offer = "" } = await trade.done("seller", "receivable/request", asked);
  const request = await decoded("receivable/offer", offer);
  const said = { type: "offer" as const, ...request, listed: "seller" };
  const declined = { command: "decline" as const, status: "declined" };
  await says("seller", { ...said, ...declined }, "receivable/not-agreed");
  await assertBooksAgree(trade);
  await trade.done("seller", "receivable/withdraw", { offer });
});

test("an assignor neither withdraws the lender's offer, nor betters it on the way", async () => {
  const offer = await trade.offered(invoice);
  const { ref, state } = await decoded("receivable/offer", offer);
  const said = { type: "offer" as const, ref, listed: "seller" };
  const withdrawn = { command: "withdraw" as const, status: "withdrawn" };
  await says("seller", { ...said, state, ...withdrawn }, "receivable/not-agreed");
  const better = { ...state, terms: { ...(state.terms as typeof TERMS), advanceRate: "100" } };
  const accepted = { command: "accept" as const, status: "accepted" };
  await says("seller", { ...said, state: better, ...accepted }, "receivable/accept-keeps-terms");
  await assertBooksAgree(trade);
  expect(await trade.state("seller", "receivable/offer", offer)).toMatchObject({
    status: "offered",
    terms: expect.objectContaining({ advanceRate: TERMS.advanceRate }),
  });
});
