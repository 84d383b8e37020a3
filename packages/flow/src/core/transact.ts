import type { IdentityId, Transaction, TransactionId } from "@stateset/ledger";
import type { FlowContext } from "../flow-context.ts";
import type { KeyRef } from "../ports/keys.ts";
import type { Protocol } from "../protocol.ts";
import { collectSignatures } from "./collect-signatures.ts";
import { notariseAndRecord } from "./finality.ts";
import { inform } from "./inform.ts";
import { type CoreSession, coreSession } from "./transaction-message.ts";

/**
 * Carries a transaction through: signs it, has it signed by those whom it needs, notarised and
 * recorded by all of these, and tells the others that it concerns, whom nobody waits for.
 * @throws LedgerError before anybody is asked where it is not valid; FlowFailure where a
 * counterparty or the notary refuses
 */
export async function transact(
  flow: FlowContext,
  step: {
    transaction: Transaction;
    keys: readonly KeyRef[];
    /** Sessions of a protocol that includes `signatureMessages`. */
    signers?: readonly CoreSession[];
    /** Who is told by a protocol of `informMessages`; this node itself may be among them. */
    informed?: { protocol: Protocol; parties: readonly IdentityId[] };
  },
): Promise<TransactionId> {
  const { transaction, keys, signers = [], informed } = step;
  // Whoever has signed waits for the window's end to be sure: what is not valid is not signed.
  const isPartial = signers.length > 0;
  if (isPartial) await flow.verify({ transaction, signatures: [] }, { signing: keys, isPartial });
  else await flow.verify({ transaction, signatures: [] }, { signing: keys });
  const ours = { transaction, signatures: await flow.sign(transaction, keys) };
  const signed = await collectSignatures(flow, ours, signers);
  const { id } = await flow.verify(signed);
  const receipt = await notariseAndRecord(flow, { id, signed }, signers);
  const told = new Set([flow.self.id, ...signers.map(({ peer }) => peer.id)]);
  for (const party of new Set(informed?.parties)) {
    if (informed === undefined || told.has(party)) continue;
    const session = await openIfKnown(flow, informed.protocol, party);
    if (session !== undefined) await inform(flow, { signed, receipt }, [session]);
  }
  return id;
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
