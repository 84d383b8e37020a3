import { toHex } from "@stateset/codec";
import { record } from "@stateset/codec/schema";
import {
  coreSession,
  defineFlow,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
  type OwnState,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import { invoiceContract } from "../contract/invoice-contract.ts";
import type { CreditNoteState } from "../contract/invoice-state.ts";
import { addIssue } from "../issue-transaction.ts";
import { findInvoice, outstandingOf } from "../leg/held-invoice.ts";
import { addInvoiceLeg } from "../leg/invoice-leg.ts";
import { documentBytes, readDocument } from "./document-input.ts";
import { assertNamed } from "./document-parties.ts";
import { agreementProtocol } from "./invoice-agreement.ts";
import { invoiceName } from "./invoice-input.ts";
import { newsProtocol, partiesOf } from "./invoice-news.ts";
import { announceDocument, documentMessages, receiveDocument, sendDocument } from "./issued-document.ts";
import { assertOwner } from "./pay-invoice.ts";

const creditNoteProtocol = defineProtocol({
  name: "invoice/issue-credit-note",
  version: 1,
  messages: documentMessages,
});

const LINEAR_ID_BYTES = 16;

/**
 * Issues a credit note for an invoice. Where the seller owns the invoice it counts at once;
 * otherwise its owner decides, by `invoice/credit`.
 */
export const issueCreditNote = defineFlow({
  name: "invoice/issue-credit-note",
  description: "Issue a credit note for an invoice, from a UBL 2.1 document",
  input: record({ document: documentBytes, invoice: invoiceName }),
  async run(flow, { document, invoice }) {
    const ubl = readDocument(document, "credit-note");
    assertNamed("seller", ubl.seller, flow.self);
    const { state } = await findInvoice(flow, invoice);
    const session = await flow.open(creditNoteProtocol, state.buyer.id);
    const { encryptionKey, holder } = await announceDocument(session, ubl.number);
    const isOwner = state.owner.identity === flow.self.id;
    const linearId = toHex(flow.random(LINEAR_ID_BYTES));
    const builder = await flow.build();
    addIssue(builder, {
      ubl,
      xml: document,
      seller: flow.self,
      buyer: state.buyer,
      owner: holder,
      cashIssuers: [],
      precedingInvoice: state.linearId,
      ...(!isOwner && { payee: await flow.party(state.owner.identity) }),
      governing: await flow.governing(invoiceContract),
      linearId,
    });
    const issued = await sendDocument(flow, session, {
      transaction: builder.build(),
      encryptionKey,
      informed: [state.owner.identity],
    });
    const result = { transactionId: issued, linearId, number: ubl.number };
    if (!isOwner) return { ...result, credited: false };
    const { transactionId } = await flow.call(creditInvoice, { creditNote: linearId });
    return { ...result, credited: true, creditedBy: transactionId };
  },
});

export const receiveCreditNote = defineResponder(creditNoteProtocol, async (flow, session) => ({
  transactionId: await receiveDocument(flow, session, "credit-note"),
}));

/** The owner of an invoice lets a credit note count against it; seller and buyer sign, too. */
export const creditInvoice = defineFlow({
  name: "invoice/credit",
  description: "Let a credit note count against the invoice that it is for",
  input: record({
    /** The credit note's linear id, or its number. */
    creditNote: invoiceName,
  }),
  async run(flow, { creditNote }) {
    const note = await findCreditNote(flow, creditNote);
    const { precedingInvoice, totals, owner, seller } = note.state;
    const held = await findInvoice(flow, precedingInvoice ?? "");
    const { state } = held;
    assertOwner(flow, held);
    const outstanding = outstandingOf(state) - totals.payable;
    const isPaid = state.paidOnLedger > 0n;
    const own = spendingKey(state.owner);
    const builder = await flow.build();
    builder.addInput(note.ref, await flow.governing(invoiceContract));
    await addInvoiceLeg(flow, builder, {
      held,
      change: {
        creditedOnLedger: state.creditedOnLedger + totals.payable,
        status: outstanding > 0n ? (isPaid ? "partially-paid" : "approved") : isPaid ? "paid" : "credited",
      },
      command: "credit",
      signers: [
        own.signer,
        spendingKey(owner).signer,
        { kind: "identity", identity: seller.id },
      ],
    });
    const isSeller = seller.id === flow.self.id;
    const others = [owner.identity, ...(isSeller ? [] : [seller.id])];
    const signers = [];
    for (const party of others) signers.push(coreSession(await flow.open(agreementProtocol, party)));
    const transactionId = await transact(flow, {
      transaction: builder.build(),
      keys: isSeller ? [own.ref, { kind: "identity" }] : [own.ref],
      signers,
      informed: { protocol: newsProtocol, parties: partiesOf(state) },
    });
    return { transactionId, credited: totals.payable, outstanding };
  },
});

async function findCreditNote(
  flow: FlowContext,
  named: string,
): Promise<OwnState & { state: CreditNoteState }> {
  const { items } = await flow.query({
    contract: "invoice",
    type: "credit-note",
    where: {
      _or: [{ linear_id: { _eq: named } }, { number: { _eq: named } }],
      invoice_id: { _is_null: false },
    },
    limit: 2,
  });
  const [first, another] = items;
  if (first === undefined || another !== undefined)
    throw new FlowFailure(
      "invoice/unknown-credit-note",
      `this node has ${another === undefined ? "no" : "several"} credit notes ${named} for an invoice`,
      { creditNote: named, linearIds: items.map(({ state }) => state.linearId) },
    );
  const [own] = await flow.states([first.ref]);
  if (own === undefined) throw new Error("a state of the vault is recorded");
  return own as OwnState & { state: CreditNoteState };
}
