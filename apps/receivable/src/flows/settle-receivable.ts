import { addCashLeg } from "@stateset/cash/leg";
import { hex, record } from "@stateset/codec/schema";
import {
  awaitFinal,
  checkAndSign,
  coreSession,
  defineFlow,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
  type KeyRef,
  ourKeys,
  signatureMessages,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import { addInvoiceLeg, findInvoice, type HeldInvoice } from "@stateset/invoice/leg";
import type {
  CommandSigner,
  StateRef,
  TransactionBuilder,
  VerifiedTransaction,
} from "@stateset/ledger";
import { dayOf, holderSchema } from "@stateset/ledger/contract";
import {
  receivableContract,
  type Settlement,
  settledStatus,
  settlementOf,
} from "../contract/index.ts";
import type { ReceivableState } from "../contract/receivable-state.ts";
import { addShownInvoice } from "./follow-receivable.ts";
import { addChange, assertRole, find, findOfPeer, type Held, ownerKey } from "./held-state.ts";
import { receivableInput } from "./receivable-input.ts";
import { newsProtocol } from "./receivable-news.ts";
import { clueOf } from "./title.ts";

const settleProtocol = defineProtocol({
  name: "receivable/settle",
  version: 1,
  messages: {
    offer: {
      from: "initiator",
      schema: record({ receivable: hex({ length: 16 }) }),
      repeatable: true,
    },
    holder: { from: "responder", schema: record({ holder: holderSchema }), repeatable: true },
    ...signatureMessages,
  },
});

/**
 * Ends a receivable whose invoice is paid, credited or written off: the reserve, less discount and
 * fee, goes to the assignor. Where these and what did not come in are more than the reserve, the
 * assignor pays what it answers for, and so starts the flow itself.
 */
export const settleReceivable = defineFlow({
  name: "receivable/settle",
  description: "Settle a receivable whose invoice is paid or given up, and release the reserve",
  input: receivableInput,
  async run(flow, { receivable }) {
    const held = await find(flow, "receivable", receivable);
    const invoice = await findInvoice(flow, held.state.invoice, clueOf(held.state));
    const builder = await flow.build({ isDated: true });
    const settlement = settlementAt(builder, held.state, invoice, false);
    assertPayer(flow, held, settlement);
    const status = settledStatus(held.state, invoice.state);
    return await settle(flow, { builder, held, settlement, invoice, command: "settle", status });
  },
});

/** The assignor buys a receivable back on recourse, and owns the invoice again. */
export const repurchaseReceivable = defineFlow({
  name: "receivable/repurchase",
  description: "Buy a receivable back from its lender",
  input: receivableInput,
  async run(flow, { receivable }) {
    const held = await find(flow, "receivable", receivable);
    assertRole(flow, held.state, "assignor");
    assertCalled(held);
    const invoice = await findInvoice(flow, held.state.invoice, clueOf(held.state));
    const builder = await flow.build({ isDated: true });
    const settlement = settlementAt(builder, held.state, invoice, true);
    assertPayer(flow, held, settlement);
    const step = { builder, held, settlement, invoice };
    return await settle(flow, { ...step, command: "repurchase", status: "repurchased" });
  },
});

type Settling = {
  builder: TransactionBuilder;
  held: Held<"receivable">;
  invoice: HeldInvoice;
  settlement: Settlement;
  command: "settle" | "repurchase";
  status: ReceivableState["status"];
};

async function settle(flow: FlowContext, step: Settling) {
  const { builder, held, invoice, settlement, command, status } = step;
  const { assignor, lender, currency, terms } = held.state;
  const peer = flow.self.id === lender.id ? assignor : lender;
  const session = await flow.open(settleProtocol, peer.id);
  await session.send("offer", { receivable: held.state.linearId });
  const { holder } = await session.receive("holder");
  const isAssignor: CommandSigner = { kind: "identity", identity: assignor.id };
  await addChange(flow, builder, held, { ...settlement, status });
  const governing = await flow.governing(receivableContract);
  const isReturned = command === "repurchase";
  const owned: Held<"receivable" | "notice">[] = [held];
  if (isReturned) owned.push(await addReturn(flow, builder, { held, invoice }));
  else await addShownInvoice(flow, builder, invoice);
  const signers = owned.map((each) => ownerKey(each).signer);
  builder.addCommand(governing, command, {}, [...signers, isAssignor]);
  const keys: KeyRef[] = [peer === assignor ? ownerKey(held).ref : { kind: "identity" }];
  const minorUnits = settlement.released + settlement.charged;
  if (minorUnits > 0n) {
    const issuers = [terms.cashIssuer];
    const leg = { amount: { minorUnits, currency }, issuers, to: holder };
    keys.push(...(await addCashLeg(flow, builder, leg)));
  }
  const transactionId = await transact(flow, {
    transaction: builder.build(),
    keys,
    signers: [coreSession(session)],
    informed: { protocol: newsProtocol, parties: isReturned ? [held.state.debtor.id] : [] },
  });
  return { transactionId, ...settlement };
}

/** The title goes back, and the debtor is told by the notice whom it is to pay from now on. */
async function addReturn(
  flow: FlowContext,
  builder: TransactionBuilder,
  { held, invoice }: Pick<Settling, "held" | "invoice">,
): Promise<Held<"notice">> {
  const notice = await find(flow, "notice", held.state.linearId);
  await addChange(flow, builder, notice, { status: "released" });
  await addInvoiceLeg(flow, builder, {
    held: invoice,
    change: { owner: await flow.holder() },
    command: "transfer",
    signers: [
      spendingKey(invoice.state.owner).signer,
      { kind: "identity", identity: held.state.assignor.id },
    ],
  });
  return notice;
}

export const agreeToSettlement = defineResponder(settleProtocol, async (flow, session) => {
  const { receivable } = await session.receive("offer");
  const named = { linearId: receivable, peer: session.peer.id };
  const held = await findOfPeer(flow, "receivable", named);
  await session.send("holder", { holder: await flow.holder() });
  const { id } = await checkAndSign(flow, coreSession(session), {
    keys: ({ transaction }) => ourKeys(flow, transaction, SPENT_TYPES),
    async agree(verified) {
      assertSettlement(verified, held);
      return await spentRefs(flow, held);
    },
  });
  await awaitFinal(flow, coreSession(session), id);
  return { transactionId: id };
});

/** What a settlement or a repurchase may spend of either party's, besides the payer's own cash. */
async function spentRefs(flow: FlowContext, held: Held<"receivable">): Promise<StateRef[]> {
  const notice = await find(flow, "notice", held.state.linearId);
  const invoice = await findInvoice(flow, held.state.invoice, clueOf(held.state));
  return [held.ref, notice.ref, invoice.ref];
}

const SPENT_TYPES = [
  { contract: "receivable", type: "receivable" },
  { contract: "receivable", type: "notice" },
  { contract: "invoice", type: "invoice" },
];

/** The contract sees to every amount. A lender that has not called recourse sells nothing back. */
function assertSettlement({ contents }: VerifiedTransaction, held: Held<"receivable">): void {
  const { commands, inputs } = contents;
  const names = commands.map(({ contract, name }) => `${contract}/${name}`).sort();
  const withoutCash = names.filter((name) => name !== "cash/move").join();
  const isReturn = withoutCash === "invoice/transfer,receivable/repurchase";
  const { txId, index } = held.ref;
  const isThis = inputs.some((each) => each.txId === txId && each.index === index);
  if (!isThis || !(isReturn || withoutCash === "receivable/settle")) throw notAgreed(names);
  if (isReturn) assertCalled(held);
}

/** The contract lets both agree to more; a lender's node agrees by itself where it has asked. */
function assertCalled({ state: { status, invoiceNumber, lender } }: Held<"receivable">): void {
  if (status === "recourse-called") return;
  throw new FlowFailure(
    "receivable/recourse-not-called",
    `${lender.name} has not called recourse: it does by receivable/call-recourse`,
    { invoice: invoiceNumber, status },
  );
}

function notAgreed(commands: readonly string[]): FlowFailure {
  return new FlowFailure("receivable/not-agreed", "this is not for the asking party to do", {
    commands,
  });
}

function settlementAt(
  builder: TransactionBuilder,
  receivable: ReceivableState,
  { state: invoice }: HeldInvoice,
  isRepurchase: boolean,
): Settlement {
  const on = dayOf(builder.timeWindow.from as number);
  return settlementOf({ receivable, invoice, on, isRepurchase });
}

/** Cash is claimed by whoever starts the flow, and so the payer has to. */
function assertPayer(flow: FlowContext, held: Held<"receivable">, settlement: Settlement): void {
  const { released, charged } = settlement;
  if (released === 0n && charged === 0n) return;
  const role = released > 0n ? "lender" : "assignor";
  if (held.state[role].id === flow.self.id) return;
  throw new FlowFailure(
    "receivable/another-pays",
    `${held.state[role].name} has to start this, as it pays`,
    { invoice: held.state.invoiceNumber, released: `${released}`, charged: `${charged}` },
  );
}
