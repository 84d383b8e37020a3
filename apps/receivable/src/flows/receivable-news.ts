import {
  coreSession,
  defineProtocol,
  defineResponder,
  FlowFailure,
  informMessages,
  recordInformed,
} from "@stateset/flow/app";
import type { IdentityId, VerifiedTransaction } from "@stateset/ledger";
import type { NoticeState, OfferState, ReceivableState } from "../contract/receivable-state.ts";

/** Tells the parties of an offer, a receivable or a notice of what they need not sign. */
export const newsProtocol = defineProtocol({
  name: "receivable/news",
  version: 1,
  messages: informMessages,
});

export const receiveNews = defineResponder(newsProtocol, async (flow, session) => {
  const verified = await recordInformed(flow, coreSession(session), (found) =>
    assertConcerned(found, flow.self.id),
  );
  return { transactionId: verified.id };
});

/** Nobody fills another's books with strangers' business. */
function assertConcerned({ inputs, outputs }: VerifiedTransaction, self: IdentityId): void {
  const isOurs = [...inputs, ...outputs].some(({ contract, state }) => {
    if (contract !== "receivable") return false;
    const { lender, assignor, debtor } = state as unknown as OfferState;
    return [lender.id, assignor.id, debtor.id].includes(self);
  });
  if (!isOurs)
    throw new FlowFailure(
      "receivable/not-concerned",
      "no state of the transaction is this party's",
    );
}

/** Who hears of a change: lender and assignor, and of a notice that was given its debtor. */
export function partiesOf(state: OfferState | ReceivableState | NoticeState): IdentityId[] {
  const { lender, assignor, debtor } = state;
  const isDebtors = "receivable" in state && state.status !== "prepared";
  return [lender.id, assignor.id, ...(isDebtors ? [debtor.id] : [])];
}
