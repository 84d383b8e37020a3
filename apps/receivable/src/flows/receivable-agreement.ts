import {
  awaitFinal,
  checkAndSign,
  coreSession,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
  ourKeys,
  signatureMessages,
} from "@stateset/flow/app";
import type { StateRef, VerifiedTransaction } from "@stateset/ledger";
import type { NoticeState, OfferState } from "../contract/receivable-state.ts";

/** Asks the lender for signatures that it gives without asking anybody. */
export const agreementProtocol = defineProtocol({
  name: "receivable/agree",
  version: 1,
  messages: signatureMessages,
});

export const agreeToCommand = defineResponder(agreementProtocol, async (flow, session) => {
  const { id } = await checkAndSign(flow, coreSession(session), {
    keys: ({ transaction }) => ourKeys(flow, transaction, TYPES),
    agree: (verified) => agreedTo(flow, verified, session.peer.id),
  });
  await awaitFinal(flow, coreSession(session), id);
  return { transactionId: id };
});

const TYPES = [
  { contract: "receivable", type: "offer" },
  { contract: "receivable", type: "notice" },
];

/**
 * What the assignor says to an offer (accepts, declines, withdraws its request) and what the debtor
 * says to a notice is theirs to say; the lender signs since the states are its own.
 */
function agreedTo(
  flow: FlowContext,
  { contents, inputs }: VerifiedTransaction,
  peer: string,
): readonly StateRef[] {
  const { commands } = contents;
  const [only] = commands;
  const [state] = inputs.map((each) => each.state as unknown as OfferState | NoticeState);
  const said =
    commands.length === 1 && only?.contract === "receivable" ? SAID[only.name] : undefined;
  const isTheirs = said !== undefined && state?.[said.by].id === peer && state.status === said.to;
  // The contract lets each of these commands spend this one state.
  if (isTheirs && state.lender.id === flow.self.id) return contents.inputs;
  throw new FlowFailure("receivable/not-agreed", "this is not for the asking party to do", {
    commands: commands.map(({ contract, name }) => `${contract}/${name}`),
  });
}

/** Offers are the lender's to withdraw, and requests are its own to decline. */
const SAID: Record<
  string,
  { by: "assignor" | "debtor"; to: (OfferState | NoticeState)["status"] }
> = {
  accept: { by: "assignor", to: "offered" },
  decline: { by: "assignor", to: "offered" },
  withdraw: { by: "assignor", to: "requested" },
  acknowledge: { by: "debtor", to: "given" },
};
