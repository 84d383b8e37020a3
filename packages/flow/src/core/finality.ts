import { record } from "@stateset/codec";
import type {
  Receipt,
  SignedTransaction,
  TransactionId,
  VerifiedTransaction,
} from "@stateset/ledger";
import { type FlowContext, FlowFailure } from "../flow-context.ts";
import {
  type CoreSession,
  finalMessageSchema,
  messageOf,
  readMessage,
  transactionMessageSchema,
} from "./transaction-message.ts";

/** How long a counterparty may take to check a transaction, its history included. */
const ACCEPT_TIMEOUT_MS = 5 * 60_000;
/** How long to wait to be told; then the notary is asked. */
const FINAL_TIMEOUT_MS = 60_000;

/**
 * The messages of two-phase finality, for a protocol to include. The transaction binds whoever signed
 * it, and so leaves only once it is durable; that it was accepted, and that it is final, follow from
 * what both sides can find out again.
 */
export const finalityMessages = {
  transaction: { from: "initiator", schema: transactionMessageSchema },
  accepted: { from: "responder", schema: record({}), repeatable: true },
  final: { from: "initiator", schema: finalMessageSchema, repeatable: true },
} as const;

/**
 * Has a signed transaction checked by every counterparty, notarised, and recorded on all sides.
 * @throws LedgerError where it is not valid, FlowFailure where a counterparty or the notary refuses
 */
export async function finalise(
  flow: FlowContext,
  signed: SignedTransaction,
  sessions: readonly CoreSession[],
): Promise<{ id: TransactionId; receipt: Receipt }> {
  const { id } = await flow.verify(signed);
  for (const session of sessions) {
    flow.progress(`sends the transaction to ${session.peer.name}`);
    await session.send("transaction", messageOf(flow, signed, session));
  }
  for (const session of sessions)
    await session.receive("accepted", { timeoutMs: ACCEPT_TIMEOUT_MS });
  return { id, receipt: await notariseAndRecord(flow, { id, signed }, sessions) };
}

/** The second phase, for transactions whose counterparties hold them already. */
export async function notariseAndRecord(
  flow: FlowContext,
  { id, signed }: { id: TransactionId; signed: SignedTransaction },
  sessions: readonly CoreSession[],
): Promise<Receipt> {
  flow.progress("has the transaction notarised");
  const receipt = await flow.notarise(signed);
  for (const session of sessions) await session.send("final", { receipt });
  await flow.record(id, receipt);
  return receipt;
}

/**
 * Receives a transaction and checks it; what else it must be is for the caller to say.
 * @throws FlowFailure `flow/open-window` where nobody could ever tell that it will not be final
 */
export async function receiveTransaction(
  flow: FlowContext,
  session: CoreSession,
): Promise<VerifiedTransaction & { signed: SignedTransaction }> {
  const { signed, tickets } = readMessage(await session.receive("transaction"));
  const verified = await flow.verify(signed, { history: { peer: session.peer.id, tickets } });
  if (verified.contents.timeWindow.until === undefined)
    throw new FlowFailure("flow/open-window", "the transaction's window does not end", {
      id: verified.id,
    });
  return { ...verified, signed };
}

/** Accepts a transaction and records it once it is final. */
export async function acceptAndRecord(
  flow: FlowContext,
  session: CoreSession,
  { id }: VerifiedTransaction,
): Promise<void> {
  await session.send("accepted", {});
  await awaitFinal(flow, session, id);
}

/**
 * Waits to be told that a transaction is final. An initiator that never says so keeps nobody in the
 * dark: the notary knows.
 * @throws FlowFailure `notary/absent`
 */
export async function awaitFinal(
  flow: FlowContext,
  session: CoreSession,
  id: TransactionId,
): Promise<void> {
  try {
    const content = await session.receive("final", { timeoutMs: FINAL_TIMEOUT_MS });
    await flow.record(id, (content as { receipt: Receipt }).receipt);
  } catch {
    // Nothing, or no receipt that holds; what the notary says counts.
    await flow.record(id, await flow.settle(id));
  }
}
