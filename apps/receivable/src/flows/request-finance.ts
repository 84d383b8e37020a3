import { toHex } from "@stateset/codec";
import { date, optional, record } from "@stateset/codec/schema";
import {
  acceptAndRecord,
  coreSession,
  defineFlow,
  defineProtocol,
  defineResponder,
  FlowFailure,
  finalise,
  finalityMessages,
  receiveTransaction,
} from "@stateset/flow/app";
import { outstandingOf } from "@stateset/invoice/contract";
import { findInvoice } from "@stateset/invoice/leg";
import { holderSchema } from "@stateset/ledger/contract";
import { receivableContract } from "../contract/index.ts";
import type { OfferState } from "../contract/receivable-state.ts";
import { partyName } from "./receivable-input.ts";
import { assertAsShown, readTitle, showTitle, titleSchema } from "./title.ts";

const requestProtocol = defineProtocol({
  name: "receivable/request",
  version: 1,
  messages: {
    title: { from: "initiator", schema: record({ title: titleSchema }), repeatable: true },
    holder: { from: "responder", schema: record({ holder: holderSchema }), repeatable: true },
    ...finalityMessages,
  },
});

const LINEAR_ID_BYTES = 16;

/** The owner of an invoice asks a lender what it would pay for it: ISO 20022, tsin.001. */
export const requestFinance = defineFlow({
  name: "receivable/request",
  description: "Ask a lender for an offer on an invoice of this party's",
  input: record({
    invoice: partyName,
    lender: partyName,
    /** Where the invoice names no due date: the one to reckon with. */
    dueDate: optional(date()),
  }),
  async run(flow, { invoice, lender: named, dueDate: given }) {
    const held = await findInvoice(flow, invoice, { owner: flow.self.id });
    const { state } = held;
    const lender = await flow.party(named);
    const dueDate = state.dueDate ?? given;
    if (dueDate === undefined || (given !== undefined && given !== dueDate))
      throw new FlowFailure(
        "receivable/due-date",
        state.dueDate === undefined
          ? "the invoice names no due date: give one as dueDate"
          : `the invoice is due on ${state.dueDate}: leave dueDate out`,
        { field: "dueDate", invoice: state.number },
      );
    const session = await flow.open(requestProtocol, lender.id);
    await session.send("title", { title: await showTitle(flow, held, coreSession(session)) });
    const { holder: owner } = await session.receive("holder");
    const linearId = toHex(flow.random(LINEAR_ID_BYTES));
    const governing = await flow.governing(receivableContract);
    const builder = await flow.build();
    builder.addOutput(governing, "offer", {
      linearId,
      invoice: state.linearId,
      invoiceNumber: state.number,
      lender,
      assignor: flow.self,
      debtor: state.buyer,
      currency: state.currency,
      face: outstandingOf(state),
      dueDate,
      status: "requested",
      owner,
    });
    builder.addCommand(governing, "request", {}, [{ kind: "identity", identity: flow.self.id }]);
    const transaction = builder.build();
    // Whoever has signed waits for the window's end to be sure: what is not valid is not signed.
    await flow.verify({ transaction, signatures: [] }, { signing: [{ kind: "identity" }] });
    const signatures = await flow.sign(transaction, [{ kind: "identity" }]);
    const { id } = await finalise(flow, { transaction, signatures }, [coreSession(session)]);
    return { transactionId: id, offer: linearId };
  },
});

/** The lender sees the invoice itself, with all its history, before it thinks about a price. */
export const receiveRequest = defineResponder(requestProtocol, async (flow, session) => {
  const { title } = await session.receive("title");
  const invoice = await readTitle(flow, title, coreSession(session));
  await session.send("holder", { holder: await flow.holder() });
  const { signed: _, ...verified } = await receiveTransaction(flow, coreSession(session));
  const { commands } = verified.contents;
  const [only] = commands;
  if (commands.length !== 1 || only?.contract !== "receivable" || only.name !== "request")
    throw new FlowFailure("receivable/not-a-request", "the one command is not receivable/request");
  assertAsShown(verified.outputs[0]?.state as unknown as OfferState, invoice);
  await acceptAndRecord(flow, coreSession(session), verified);
  return { transactionId: verified.id };
});
