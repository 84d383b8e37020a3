import { choice, optional, record, text } from "@stateset/codec/schema";
import {
  coreSession,
  defineFlow,
  type FlowContext,
  FlowFailure,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import { RESPONSE_STATUS } from "../contract/invoice-status.ts";
import { findInvoice, type HeldInvoice, type InvoiceClue } from "../leg/held-invoice.ts";
import { addInvoiceLeg } from "../leg/invoice-leg.ts";
import { agreementProtocol } from "./invoice-agreement.ts";
import { invoiceName, partyName } from "./invoice-input.ts";
import { newsProtocol, partiesOf } from "./invoice-news.ts";

/** The buyer answers an invoice by a code of the Peppol Invoice Response; `AP` approves it. */
export const respondToInvoice = defineFlow({
  name: "invoice/respond",
  description: "Answer an invoice as its buyer: AB, IP, UQ, CA, RE or AP",
  input: record({
    invoice: invoiceName,
    /** Whose invoice, where several sellers' are called alike. */
    seller: optional(partyName),
    response: choice("AB", "IP", "UQ", "CA", "RE", "AP"),
    /** Why, of UQ, CA and RE: a code of the Peppol list OPStatusReason. */
    clarification: optional(text({ min: 1, max: 16 })),
  }),
  async run(flow, { invoice, seller, response, clarification }) {
    const held = await findInvoice(flow, invoice, await debtClue(flow, seller));
    const { state } = held;
    assertBuyer(flow, held);
    const builder = await flow.build();
    const said = clarification === undefined ? {} : { clarification };
    const { clarification: _, ...before } = state;
    await addInvoiceLeg(flow, builder, {
      held: { ...held, state: before },
      change: { status: RESPONSE_STATUS[response], ...said },
      command: "respond",
      data: { response, ...said },
      signers: [{ kind: "identity", identity: flow.self.id }, spendingKey(state.owner).signer],
    });
    const owner = await flow.open(agreementProtocol, state.owner.identity);
    const transactionId = await transact(flow, {
      transaction: builder.build(),
      keys: [{ kind: "identity" }],
      signers: [coreSession(owner)],
      informed: { protocol: newsProtocol, parties: partiesOf(state) },
    });
    return { transactionId, status: RESPONSE_STATUS[response] };
  },
});

/** What this party knows of an invoice that it owes. */
export async function debtClue(
  flow: FlowContext,
  seller: string | undefined,
): Promise<InvoiceClue> {
  const buyer = flow.self.id;
  return seller === undefined ? { buyer } : { buyer, seller: (await flow.party(seller)).id };
}

/** @throws FlowFailure `invoice/not-the-buyer` */
export function assertBuyer(flow: FlowContext, { state }: HeldInvoice): void {
  if (state.buyer.id === flow.self.id) return;
  throw new FlowFailure("invoice/not-the-buyer", "only the buyer may do this", {
    invoice: state.number,
    buyer: state.buyer.name,
  });
}
