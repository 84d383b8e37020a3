import { list, record } from "@stateset/codec";
import {
  type SignedTransaction,
  type StateRef,
  type TransactionSignature,
  transactionSignatureSchema,
  type VerifiedTransaction,
} from "@stateset/ledger";
import { type FlowContext, FlowFailure } from "../flow-context.ts";
import type { KeyRef } from "../ports/keys.ts";
import { assertSpendsOnly } from "./spends-only.ts";
import {
  type CoreSession,
  finalMessageSchema,
  messageOf,
  readMessage,
  transactionMessageSchema,
} from "./transaction-message.ts";

/** Of one signer, and of all together, as many as a transaction carries. */
const SIGNATURES_MAX = 32;
const SIGNATURES_TOGETHER_MAX = 128;
/** People may have to agree. */
const SIGNATURE_TIMEOUT_MS = 5 * 60_000;
/** How long a signer may take to check the others' signatures, a restart of its node included. */
const ACCEPT_TIMEOUT_MS = 5 * 60_000;

/**
 * The messages of gathering signatures, after which all signers hold the transaction. All those that
 * carry signatures leave only once they are durable; that a signer has accepted those of the others,
 * and that the transaction is final, both sides can find out again.
 */
export const signatureMessages = {
  proposal: { from: "initiator", schema: transactionMessageSchema },
  signature: {
    from: "responder",
    schema: record({
      signatures: list(transactionSignatureSchema, { min: 1, max: SIGNATURES_MAX }),
    }),
  },
  signed: {
    from: "initiator",
    schema: record({
      signatures: list(transactionSignatureSchema, { min: 1, max: SIGNATURES_TOGETHER_MAX }),
    }),
  },
  accepted: { from: "responder", schema: record({}), repeatable: true },
  final: { from: "initiator", schema: finalMessageSchema, repeatable: true },
} as const;

/**
 * Asks each counterparty in turn to check and sign, showing it the signatures so far, so that the
 * last one sees the transaction complete. The others are then given all signatures, and have
 * accepted them when this returns: nobody is left with a transaction that it cannot show others.
 * @throws LedgerError where a signature does not hold or is missing, FlowFailure where one refuses
 */
export async function collectSignatures(
  flow: FlowContext,
  signed: SignedTransaction,
  sessions: readonly CoreSession[],
): Promise<SignedTransaction> {
  const last = sessions.at(-1);
  /** Those who signed while other signatures were missing, as they found themselves. */
  const waiting: CoreSession[] = [];
  let gathered = signed;
  for (const session of sessions) {
    flow.progress(`asks ${session.peer.name} to sign`);
    await session.send("proposal", messageOf(flow, gathered, session));
    const answer = await session.receive("signature", { timeoutMs: SIGNATURE_TIMEOUT_MS });
    const { signatures } = answer as { signatures: TransactionSignature[] };
    gathered = { ...gathered, signatures: [...gathered.signatures, ...signatures] };
    if (session === last) continue;
    // What one signer got wrong is not for the next one to find.
    const { missing } = await flow.verify(gathered, { isPartial: true });
    if (missing.length > 0) waiting.push(session);
  }
  if (waiting.length > 0) await handOut(flow, gathered, waiting);
  return gathered;
}

/** Gives all signatures to those who signed before they were all there. */
async function handOut(
  flow: FlowContext,
  gathered: SignedTransaction,
  sessions: readonly CoreSession[],
): Promise<void> {
  await flow.verify(gathered);
  for (const session of sessions) {
    flow.progress(`sends all signatures to ${session.peer.name}`);
    await session.send("signed", { signatures: [...gathered.signatures] });
  }
  for (const session of sessions)
    await session.receive("accepted", { timeoutMs: ACCEPT_TIMEOUT_MS });
}

/** Which keys sign, where that does not depend on the proposal, or else how to tell. */
type SigningKeys =
  | readonly KeyRef[]
  | ((proposal: SignedTransaction) => readonly KeyRef[] | Promise<readonly KeyRef[]>);

/** Refuses by throwing, or says which of this side's states the transaction may spend. */
type Agreement = (
  verified: VerifiedTransaction,
) => readonly StateRef[] | Promise<readonly StateRef[]>;

/**
 * Receives a proposal, checks it as if signed, and signs where the caller agrees. Nothing that binds
 * leaves before the check. Returns once this side holds the transaction with all signatures.
 * @throws FlowFailure `flow/spends-more` where it spends what the caller did not agree to,
 * `notary/absent` where it was never completed
 */
export async function checkAndSign(
  flow: FlowContext,
  session: CoreSession,
  by: { keys: SigningKeys; agree: Agreement },
): Promise<VerifiedTransaction> {
  const { signed, tickets } = readMessage(await session.receive("proposal"));
  const history = { peer: session.peer.id, tickets };
  let signing = typeof by.keys === "function" ? await by.keys(signed) : by.keys;
  if (signing.length === 0 && typeof by.keys === "function") {
    // What it spends may still be on its way here by another session: with its history it is there.
    await flow.verify(signed, { history, isPartial: true });
    signing = await by.keys(signed);
  }
  if (signing.length === 0)
    throw new FlowFailure("flow/nothing-to-sign", "no key of this side is asked for");
  const options = { history, signing, isPartial: true } as const;
  const { missing, ...verified } = await flow.verify(signed, options);
  assertSpendsOnly(flow, verified, await by.agree(verified));
  const signatures = await flow.sign(signed.transaction, signing);
  await session.send("signature", { signatures });
  if (missing.length === 0) return verified;
  const complete = { ...signed, signatures: await awaitSigned(flow, session, verified) };
  await flow.verify(complete, { history });
  await session.send("accepted", {});
  return verified;
}

/**
 * Waits for the signatures of those who sign later. Once the window is over nobody can do anything
 * with this side's own: unless the notary has the transaction. Then the initiator owes the
 * signatures, which its outbox keeps, and this side waits for as long as it takes.
 */
async function awaitSigned(
  flow: FlowContext,
  session: CoreSession,
  { id, contents }: VerifiedTransaction,
): Promise<TransactionSignature[]> {
  const timeoutMs = Math.max(0, (contents.timeWindow.until ?? 0) - (await flow.now()));
  const content = await session.receive("signed", { timeoutMs }).catch(async () => {
    await flow.settle(id);
    flow.progress("waits for the others' signatures under a transaction that is notarised");
    return await session.receive("signed");
  });
  return (content as { signatures: TransactionSignature[] }).signatures;
}
