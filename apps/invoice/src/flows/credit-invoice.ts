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
import {
  type CreditNoteState,
  type InvoiceState,
  outstandingOf,
} from "../contract/invoice-state.ts";
import { MAY_FOLLOW } from "../contract/invoice-status.ts";
import { addIssue } from "../issue-transaction.ts";
import { findInvoice } from "../leg/held-invoice.ts";
import { addInvoiceLeg } from "../leg/invoice-leg.ts";
import type { UblInvoice } from "../ubl/ubl-invoice.ts";
import { documentBytes, readDocument } from "./document-input.ts";
import { assertNamed } from "./document-parties.ts";
import { assertSeller } from "./end-invoice.ts";
import { agreementProtocol } from "./invoice-agreement.ts";
import { invoiceName } from "./invoice-input.ts";
import { newsProtocol, partiesOf } from "./invoice-news.ts";
import {
  announceDocument,
  documentMessages,
  receiveDocument,
  sendDocument,
} from "./issued-document.ts";
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
    const { state } = await findInvoice(flow, invoice, { seller: flow.self.id });
    assertSeller(flow, state);
    assertCreditable(state, ubl);
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
    const transaction = builder.build();
    // Whoever has signed waits for the window's end to be sure: what is not valid is not signed.
    await flow.verify({ transaction, signatures: [] }, { signing: [{ kind: "identity" }] });
    const issued = await sendDocument(flow, session, {
      transaction,
      encryptionKey,
      informed: [state.owner.identity],
    });
    const result = { transactionId: issued, linearId, number: ubl.number };
    if (!isOwner) return { ...result, credited: false };
    // The vault has the note once this flow commits: it is read off the ledger.
    const [note] = await flow.states([{ txId: issued, index: 0 }]);
    if (note === undefined) throw new Error("what was just recorded is known");
    const { transactionId } = await credit(flow, note as OwnCreditNote);
    return { ...result, credited: true, creditedBy: transactionId };
  },
});

/** A number that was used stays used: a note that could never count is not issued. */
function assertCreditable(state: InvoiceState, { totals, currency }: UblInvoice): void {
  const outstanding = outstandingOf(state);
  const isOwed = MAY_FOLLOW.credit?.includes(state.status) === true;
  if (isOwed && currency === state.currency && totals.payable <= outstanding) return;
  throw new FlowFailure(
    "invoice/not-creditable",
    isOwed
      ? `${currency} ${totals.payable} cannot be credited: of the invoice ${state.currency} ${outstanding} are outstanding`
      : `an invoice that is ${state.status} cannot be credited: it is once approved, and until paid`,
    {
      invoice: state.number,
      status: state.status,
      credit: `${totals.payable}`,
      outstanding: `${outstanding}`,
    },
  );
}

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
  run: async (flow, { creditNote }) => await credit(flow, await findCreditNote(flow, creditNote)),
});

type OwnCreditNote = OwnState & { state: CreditNoteState };

async function credit(flow: FlowContext, note: OwnCreditNote) {
  const { precedingInvoice, totals, owner, seller } = note.state;
  const held = await findInvoice(flow, precedingInvoice ?? "", { seller: seller.id });
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
      status:
        outstanding > 0n ? (isPaid ? "partially-paid" : "approved") : isPaid ? "paid" : "credited",
    },
    command: "credit",
    signers: [own.signer, spendingKey(owner).signer, { kind: "identity", identity: seller.id }],
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
}

async function findCreditNote(flow: FlowContext, named: string): Promise<OwnCreditNote> {
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
  return own as OwnCreditNote;
}
