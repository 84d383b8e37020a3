import { list, record } from "@stateset/codec";
import {
  type SignedTransaction,
  type TransactionSignature,
  transactionSignatureSchema,
  type VerifiedTransaction,
} from "@stateset/ledger";
import type { FlowContext } from "../flow-context.ts";
import type { KeyRef } from "../ports/keys.ts";
import {
  type CoreSession,
  finalMessageSchema,
  messageOf,
  readMessage,
  transactionMessageSchema,
} from "./transaction-message.ts";

const SIGNATURES_MAX = 32;
/** People may have to agree. */
const SIGNATURE_TIMEOUT_MS = 5 * 60_000;

/** The messages of gathering signatures, after which all signers hold the transaction. */
export const signatureMessages = {
  proposal: { from: "initiator", schema: transactionMessageSchema },
  signature: {
    from: "responder",
    schema: record({
      signatures: list(transactionSignatureSchema, { min: 1, max: SIGNATURES_MAX }),
    }),
  },
  final: { from: "initiator", schema: finalMessageSchema, repeatable: true },
} as const;

/**
 * Asks each counterparty in turn to check and sign, showing it the signatures so far, so that the
 * last one sees the transaction complete.
 */
export async function collectSignatures(
  flow: FlowContext,
  signed: SignedTransaction,
  sessions: readonly CoreSession[],
): Promise<SignedTransaction> {
  let gathered = signed;
  for (const session of sessions) {
    flow.progress(`asks ${session.peer.name} to sign`);
    await session.send("proposal", messageOf(flow, gathered, session));
    const answer = await session.receive("signature", { timeoutMs: SIGNATURE_TIMEOUT_MS });
    const { signatures } = answer as { signatures: TransactionSignature[] };
    gathered = { ...gathered, signatures: [...gathered.signatures, ...signatures] };
  }
  return gathered;
}

/**
 * Receives a proposal, checks it as if signed, and signs where the caller agrees. Nothing that binds
 * leaves before the check.
 */
export async function checkAndSign(
  flow: FlowContext,
  session: CoreSession,
  by: { keys: readonly KeyRef[]; agree: (verified: VerifiedTransaction) => void | Promise<void> },
): Promise<VerifiedTransaction> {
  const { signed, tickets } = readMessage(await session.receive("proposal"));
  const history = { peer: session.peer.id, tickets };
  const verified = await flow.verify(signed, { history, signing: by.keys });
  await by.agree(verified);
  const signatures = await flow.sign(signed.transaction, by.keys);
  await session.send("signature", { signatures });
  return verified;
}
