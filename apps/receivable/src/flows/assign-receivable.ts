import { addCashLeg } from "@stateset/cash/leg";
import { toHex } from "@stateset/codec";
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
  signatureMessages,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import { addInvoiceLeg, findInvoice, type HeldInvoice } from "@stateset/invoice/leg";
import type { CommandSigner, TransactionBuilder, VerifiedTransaction } from "@stateset/ledger";
import { dayOf, holderSchema } from "@stateset/ledger/contract";
import { advanceOf, receivableContract } from "../contract/index.ts";
import type { OfferState, ReceivableState } from "../contract/receivable-state.ts";
import { assertLender, assertRole, find, findOfPeer, type Held, ownerKey } from "./held-state.ts";
import { offerInput } from "./receivable-input.ts";
import { assertAsShown, clueOf, readTitle, showTitle, titleSchema } from "./title.ts";

const assignProtocol = defineProtocol({
  name: "receivable/assign",
  version: 1,
  messages: {
    offer: { from: "initiator", schema: record({ offer: hex({ length: 16 }) }), repeatable: true },
    title: {
      from: "responder",
      schema: record({ title: titleSchema, holder: holderSchema }),
      repeatable: true,
    },
    ...signatureMessages,
  },
});

const LINEAR_ID_BYTES = 16;

/** The lender pays the advance and becomes the owner of the invoice, in one transaction or not at all. */
export const assignReceivable = defineFlow({
  name: "receivable/assign",
  description: "Pay the advance of an accepted offer, and take over the invoice",
  input: offerInput,
  async run(flow, { offer: named }) {
    const offer = await find(flow, "offer", named);
    assertLender(flow, offer);
    const session = await flow.open(assignProtocol, offer.state.assignor.id);
    await session.send("offer", { offer: offer.state.linearId });
    const { title, holder } = await session.receive("title");
    const invoice = await readTitle(flow, title, coreSession(session));
    assertAsShown(offer.state, invoice);
    const builder = await flow.build({ isDated: true });
    const { receivable, notice } = await addAssignment(flow, builder, { offer, invoice });
    const { linearId, advance, reserve, currency, terms } = receivable;
    const cashKeys = await addCashLeg(flow, builder, {
      amount: { minorUnits: advance, currency },
      issuers: [terms.cashIssuer],
      to: holder,
    });
    const keys: KeyRef[] = [ownerKey(offer).ref, { kind: "identity" }, ...cashKeys];
    const signers = [coreSession(session)];
    const transactionId = await transact(flow, { transaction: builder.build(), keys, signers });
    return { transactionId, receivable: linearId, notice, advance, reserve };
  },
});

/** The offer ends; receivable and notice begin, and the title moves. */
async function addAssignment(
  flow: FlowContext,
  builder: TransactionBuilder,
  { offer, invoice }: { offer: Held<"offer">; invoice: HeldInvoice },
): Promise<{ receivable: ReceivableState; notice: string }> {
  const { status: _, validUntil: __, terms, ...claim } = offer.state;
  if (terms === undefined) throw notAccepted(offer.state);
  const governing = await flow.governing(receivableContract);
  const advance = advanceOf(claim.face, terms.advanceRate);
  const linearId = toHex(flow.random(LINEAR_ID_BYTES));
  const notice = toHex(flow.random(LINEAR_ID_BYTES));
  const nothing = { collected: 0n, diluted: 0n, discount: 0n, fee: 0n, released: 0n, charged: 0n };
  const receivable: ReceivableState = {
    ...claim,
    linearId,
    terms,
    advance,
    reserve: claim.face - advance,
    assignedOn: dayOf(builder.timeWindow.from as number),
    paidBefore: invoice.state.paidOnLedger,
    creditedBefore: invoice.state.creditedOnLedger,
    status: "assigned",
    ...nothing,
    owner: await flow.holder(),
  };
  const { face: amount, dueDate: ___, ...noticed } = claim;
  builder.addInput(offer.ref, governing);
  builder.addOutput(governing, "receivable", receivable);
  builder.addOutput(governing, "notice", {
    ...noticed,
    linearId: notice,
    receivable: linearId,
    amount,
    status: "prepared",
    owner: await flow.holder(),
  });
  const assignor: CommandSigner = { kind: "identity", identity: claim.assignor.id };
  builder.addCommand(governing, "assign", {}, [ownerKey(offer).signer, assignor]);
  const lender: CommandSigner = { kind: "identity", identity: flow.self.id };
  await addInvoiceLeg(flow, builder, {
    held: invoice,
    change: { owner: await flow.holder() },
    command: "transfer",
    signers: [spendingKey(invoice.state.owner).signer, lender],
  });
  return { receivable, notice };
}

export const assignTitle = defineResponder(assignProtocol, async (flow, session) => {
  const asked = await session.receive("offer");
  const named = { linearId: asked.offer, peer: session.peer.id };
  const offer = await findOfPeer(flow, "offer", named);
  assertRole(flow, offer.state, "assignor");
  if (offer.state.status !== "accepted" || offer.state.lender.id !== session.peer.id)
    throw notAccepted(offer.state);
  const invoice = await findInvoice(flow, offer.state.invoice, clueOf(offer.state));
  const holder = await flow.holder();
  const title = await showTitle(flow, invoice, coreSession(session));
  await session.send("title", { title, holder });
  const { id } = await checkAndSign(flow, coreSession(session), {
    keys: [spendingKey(invoice.state.owner).ref, { kind: "identity" }],
    agree(verified) {
      assertAssignment(verified, offer, invoice);
      return [invoice.ref];
    },
  });
  await awaitFinal(flow, coreSession(session), id);
  return { transactionId: id };
});

/** The contract sees to price and title; that it is this offer and this invoice is left to us. */
function assertAssignment(
  { contents }: VerifiedTransaction,
  offer: Held<"offer">,
  invoice: HeldInvoice,
): void {
  const { commands, inputs } = contents;
  const names = commands.map(({ contract, name }) => `${contract}/${name}`).sort();
  const isSpent = ({ txId, index }: HeldInvoice["ref"]) =>
    inputs.some((each) => each.txId === txId && each.index === index);
  const isExpected =
    names.join() === "cash/move,invoice/transfer,receivable/assign" &&
    isSpent(offer.ref) &&
    isSpent(invoice.ref);
  if (!isExpected)
    throw new FlowFailure("receivable/not-as-agreed", "the transaction is not the assignment", {
      commands: names,
    });
}

function notAccepted({ invoiceNumber, status }: OfferState): FlowFailure {
  return new FlowFailure("receivable/not-accepted", "the assignor has not accepted the offer", {
    invoice: invoiceNumber,
    status,
  });
}
