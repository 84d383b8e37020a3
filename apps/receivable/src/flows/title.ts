import { type Infer, record, uint } from "@stateset/codec/schema";
import {
  type CoreSession,
  type FlowContext,
  FlowFailure,
  recordedMessageSchema,
  recordShown,
  showRecorded,
} from "@stateset/flow/app";
import { type InvoiceState, outstandingOf } from "@stateset/invoice/contract";
import type { HeldInvoice, InvoiceClue } from "@stateset/invoice/leg";
import type { VerifiedTransaction } from "@stateset/ledger";
import type { OfferState } from "../contract/receivable-state.ts";

/**
 * An invoice as its owner shows it to a lender: the transaction that made it what it is now, with its
 * receipt, and tickets for all before it. What the lender sees is what is on the ledger.
 */
export const titleSchema = record({ index: uint({ max: 0xffff }), shown: recordedMessageSchema });
export type Title = Infer<typeof titleSchema>;

export async function showTitle(
  flow: FlowContext,
  { ref }: HeldInvoice,
  to: CoreSession,
): Promise<Title> {
  return { index: ref.index, shown: await showRecorded(flow, ref.txId, to) };
}

/**
 * Records what was shown, once it is known to be a title: nobody fills a lender's books otherwise.
 * @throws FlowFailure `receivable/no-title` where it is not an invoice of the other side's
 */
export async function readTitle(
  flow: FlowContext,
  { index, shown }: Title,
  from: CoreSession,
): Promise<HeldInvoice> {
  const peer = from.peer.id;
  const agree = ({ outputs }: VerifiedTransaction) => assertTitle(outputs[index], peer);
  const { id, outputs } = await recordShown(flow, shown, { peer, agree });
  return { ref: { txId: id, index }, state: outputs[index]?.state as unknown as InvoiceState };
}

function assertTitle(output: VerifiedTransaction["outputs"][number] | undefined, peer: string) {
  if (output?.contract !== "invoice" || output.type !== "invoice")
    throw new FlowFailure("receivable/no-title", "what was shown is not an invoice");
  const { owner, number } = output.state as unknown as InvoiceState;
  if (owner.identity !== peer)
    throw new FlowFailure("receivable/no-title", "the invoice is not the assignor's to sell", {
      invoice: number,
    });
}

/** What is known of the invoice that an offer or a receivable is about. */
export function clueOf({
  assignor,
  invoiceNumber,
}: Pick<OfferState, "assignor" | "invoiceNumber">): InvoiceClue {
  return { seller: assignor.id, number: invoiceNumber };
}

/**
 * That an offer is about the invoice that was shown.
 * @throws FlowFailure `receivable/not-as-shown`, naming the field
 */
export function assertAsShown(offer: OfferState, { state }: HeldInvoice): void {
  const pairs: [field: string, offered: unknown, shown: unknown][] = [
    ["invoice", offer.invoice, state.linearId],
    ["invoiceNumber", offer.invoiceNumber, state.number],
    ["assignor", offer.assignor.id, state.owner.identity],
    ["debtor", offer.debtor.id, state.buyer.id],
    ["currency", offer.currency, state.currency],
    ["face", offer.face, outstandingOf(state)],
    ["dueDate", offer.dueDate, state.dueDate ?? offer.dueDate],
  ];
  for (const [field, offered, shown] of pairs)
    if (offered !== shown)
      throw new FlowFailure(
        "receivable/not-as-shown",
        `${field} of the offer is ${offered}, of the invoice ${shown}: ask for an offer on what it is now`,
        { field, offered: String(offered), shown: String(shown) },
      );
}
