import { record } from "@stateset/codec/schema";
import {
  acceptAndRecord,
  coreSession,
  defineFlow,
  defineProtocol,
  defineResponder,
  finalise,
  finalityMessages,
  receiveTransaction,
} from "@stateset/flow/app";
import { amountSchema } from "@stateset/ledger/contract";
import { cashContract } from "../contract/cash-contract.ts";
import { assertAmount, partyName } from "./cash-input.ts";
import { holderMessage } from "./holder-message.ts";
import { received } from "./received-cash.ts";

const issueProtocol = defineProtocol({
  name: "cash/issue",
  version: 1,
  messages: {
    offer: { from: "initiator", schema: record({ amount: amountSchema }), repeatable: true },
    holder: holderMessage,
    ...finalityMessages,
  },
});

/** Issues cash, a claim on this node's party, to another or to itself. */
export const issueCash = defineFlow({
  name: "cash/issue",
  description: "Issue cash of this party to a holder",
  input: record({ to: partyName, amount: amountSchema }),
  async run(flow, { to, amount }) {
    assertAmount(amount);
    const holder = await flow.party(to);
    const session =
      holder.id === flow.self.id ? undefined : await flow.open(issueProtocol, holder.id);
    await session?.send("offer", { amount });
    const owner = (await session?.receive("holder"))?.holder ?? (await flow.holder());
    const governing = await flow.governing(cashContract);
    const builder = await flow.build();
    builder.addOutput(governing, "cash", { issuer: flow.self, owner, amount });
    const signer = { kind: "identity", identity: flow.self.id } as const;
    builder.addCommand(governing, "issue", {}, [signer]);
    const transaction = builder.build();
    const signatures = await flow.sign(transaction, [{ kind: "identity" }]);
    const sessions = session === undefined ? [] : [coreSession(session)];
    const signed = { transaction, signatures };
    const { id: transactionId } = await finalise(flow, signed, sessions);
    return { transactionId };
  },
});

export const receiveIssue = defineResponder(issueProtocol, async (flow, session) => {
  const { amount } = await session.receive("offer");
  const holder = await flow.holder();
  await session.send("holder", { holder });
  const verified = await receiveTransaction(flow, coreSession(session));
  received(verified, { command: "issue", holder, amount });
  await acceptAndRecord(flow, coreSession(session), verified);
  return { transactionId: verified.id };
});
