import { record } from "@stateset/codec/schema";
import {
  defineFlow,
  type FlowContext,
  FlowFailure,
  spendingKey,
  transact,
} from "@stateset/flow/app";
import type { InvoiceState } from "../contract/invoice-state.ts";
import { findInvoice } from "../leg/held-invoice.ts";
import { addInvoiceLeg } from "../leg/invoice-leg.ts";
import { invoiceName } from "./invoice-input.ts";
import { newsProtocol, partiesOf } from "./invoice-news.ts";
import { assertOwner } from "./pay-invoice.ts";

/** The seller takes an invoice back that the buyer has not approved. */
export const voidInvoice = defineFlow({
  name: "invoice/void",
  description: "Void an invoice of this party's that its buyer has not approved",
  input: record({ invoice: invoiceName }),
  run: async (flow, { invoice }) => await end(flow, invoice, "void"),
});

/** The owner gives up what is still owed. */
export const writeOffInvoice = defineFlow({
  name: "invoice/write-off",
  description: "Give up what is still owed on an invoice that this party owns",
  input: record({ invoice: invoiceName }),
  run: async (flow, { invoice }) => await end(flow, invoice, "write-off"),
});

async function end(flow: FlowContext, named: string, command: "void" | "write-off") {
  const held = await findInvoice(flow, named, { owner: flow.self.id });
  const { state } = held;
  assertOwner(flow, held);
  if (command === "void") assertSeller(flow, state);
  const owner = spendingKey(state.owner);
  const builder = await flow.build();
  await addInvoiceLeg(flow, builder, {
    held,
    change: { status: command === "void" ? "void" : "written-off" },
    command,
    signers: [owner.signer, { kind: "identity", identity: flow.self.id }],
  });
  const transactionId = await transact(flow, {
    transaction: builder.build(),
    keys: [owner.ref, { kind: "identity" }],
    informed: { protocol: newsProtocol, parties: partiesOf(state) },
  });
  return { transactionId };
}

/** @throws FlowFailure `invoice/not-the-seller` */
export function assertSeller(flow: FlowContext, { seller, number }: InvoiceState): void {
  if (seller.id === flow.self.id) return;
  throw new FlowFailure("invoice/not-the-seller", "only the seller may do this", {
    invoice: number,
    seller: seller.name,
  });
}
