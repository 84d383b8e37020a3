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
  const sayer = commands.length === 1 && only?.contract === "receivable" && SAID_BY[only.name];
  // The contract lets each of these commands spend this one state.
  if (sayer && state?.[sayer].id === peer && state.lender.id === flow.self.id)
    return contents.inputs;
  throw new FlowFailure("receivable/not-agreed", "this is not for the asking party to do", {
    commands: commands.map(({ contract, name }) => `${contract}/${name}`),
  });
}

const SAID_BY: Record<string, "assignor" | "debtor"> = {
  accept: "assignor",
  decline: "assignor",
  withdraw: "assignor",
  acknowledge: "debtor",
};
