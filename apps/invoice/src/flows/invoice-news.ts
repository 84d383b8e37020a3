import {
  coreSession,
  defineProtocol,
  defineResponder,
  FlowFailure,
  informMessages,
  recordInformed,
} from "@stateset/flow/app";
import type { VerifiedTransaction } from "@stateset/ledger";
import type { CreditNoteState, DocumentState } from "../contract/invoice-state.ts";

/** Tells the parties of an invoice of a transaction that they need not sign. */
export const newsProtocol = defineProtocol({
  name: "invoice/news",
  version: 1,
  messages: informMessages,
});

export const receiveNews = defineResponder(newsProtocol, async (flow, session) => {
  const verified = await recordInformed(flow, coreSession(session), (found) =>
    assertConcerned(found, flow.self.id),
  );
  return { transactionId: verified.id };
});

/**
 * Nobody fills another's books with strangers' invoices, nor with documents that it cannot read: the
 * buyer's own come by the flows that issue them, and only a payee hears of a credit note this way.
 */
function assertConcerned({ contents, inputs, outputs }: VerifiedTransaction, self: string): void {
  const documents = [...inputs, ...outputs]
    .filter(({ contract }) => contract === "invoice")
    .map(({ state }) => state as unknown as CreditNoteState);
  const isIssued = contents.commands.some(
    ({ contract, name }) => contract === "invoice" && name.startsWith("issue"),
  );
  const isOurs = (each: CreditNoteState) =>
    each.payee?.id === self || (!isIssued && partiesOf(each).some((party) => party === self));
  if (documents.some(isOurs)) return;
  throw new FlowFailure("invoice/not-concerned", "no invoice of the transaction is this party's");
}

/** Seller, buyer, and who owns it. */
export function partiesOf({
  seller,
  buyer,
  owner,
}: DocumentState): DocumentState["seller"]["id"][] {
  return [seller.id, buyer.id, owner.identity];
}
