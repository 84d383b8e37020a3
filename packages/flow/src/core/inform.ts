import type {
  IdentityId,
  Receipt,
  SignedTransaction,
  TransactionId,
  VerifiedTransaction,
} from "@stateset/ledger";
import type { FlowContext } from "../flow-context.ts";
import type { Protocol } from "../protocol.ts";
import {
  type CoreSession,
  coreSession,
  messageOf,
  type RecordedMessage,
  readMessage,
  recordedMessageSchema,
} from "./transaction-message.ts";

/**
 * The message to parties that have nothing to sign and nothing to say to a transaction. What it says
 * the receipt proves, so that saying it again binds nobody.
 */
export const informMessages = {
  recorded: { from: "initiator", schema: recordedMessageSchema, repeatable: true, informs: true },
} as const;

/**
 * Tells parties of a transaction that is final, and waits for none of them: the outbox delivers it
 * when they can be reached, however long after this flow's end.
 */
export async function inform(
  flow: FlowContext,
  { signed, receipt }: { signed: SignedTransaction; receipt: Receipt },
  sessions: readonly CoreSession[],
): Promise<void> {
  for (const session of sessions)
    await session.send("recorded", { ...messageOf(flow, signed, session), receipt });
}

/** Informs each of the parties once, in a session of its own, but for this node itself. */
export async function informParties(
  flow: FlowContext,
  transaction: { signed: SignedTransaction; receipt: Receipt },
  { protocol, parties }: { protocol: Protocol; parties: readonly IdentityId[] },
): Promise<void> {
  for (const party of new Set(parties)) {
    if (party === flow.self.id) continue;
    const session = await openIfKnown(flow, protocol, party);
    if (session !== undefined) await inform(flow, transaction, [session]);
  }
}

/** Who has left the network cannot be told; what is recorded is so all the same. */
async function openIfKnown(
  flow: FlowContext,
  protocol: Protocol,
  party: IdentityId,
): Promise<CoreSession | undefined> {
  try {
    return coreSession(await flow.open(protocol, party));
  } catch (error) {
    if ((error as { code?: unknown }).code === "flow/unknown-party") return undefined;
    throw error;
  }
}

/**
 * Receives a transaction that is final, checks it with its history, and records it where the caller
 * agrees. Where it has come another way already nothing changes.
 */
export async function recordInformed(
  flow: FlowContext,
  session: CoreSession,
  agree?: (verified: VerifiedTransaction) => void | Promise<void>,
): Promise<VerifiedTransaction> {
  const content = (await session.receive("recorded")) as RecordedMessage;
  return await recordShown(flow, content, { peer: session.peer.id, ...(agree && { agree }) });
}

/** A transaction that this node has recorded, as a party is shown it: without private components. */
export async function showRecorded(
  flow: FlowContext,
  id: TransactionId,
  to: CoreSession,
): Promise<RecordedMessage> {
  const { signed, receipt } = await flow.recorded(id);
  return { ...messageOf(flow, signed, to), receipt };
}

/** Checks a transaction that a party has shown, with its history, and records it. */
export async function recordShown(
  flow: FlowContext,
  content: RecordedMessage,
  by: { peer: IdentityId; agree?: (verified: VerifiedTransaction) => void | Promise<void> },
): Promise<VerifiedTransaction> {
  const { signed, tickets } = readMessage(content);
  const verified = await flow.verify(signed, { history: { peer: by.peer, tickets } });
  await by.agree?.(verified);
  await flow.record(verified.id, content.receipt);
  return verified;
}
