import type { IdentityId, Transaction, TransactionId } from "@stateset/ledger";
import type { FlowContext } from "../flow-context.ts";
import type { KeyRef } from "../ports/keys.ts";
import type { Protocol } from "../protocol.ts";
import { collectSignatures } from "./collect-signatures.ts";
import { notariseAndRecord } from "./finality.ts";
import { informParties } from "./inform.ts";
import type { CoreSession } from "./transaction-message.ts";

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
  if (informed !== undefined) {
    const parties = informed.parties.filter((id) => signers.every(({ peer }) => peer.id !== id));
    await informParties(flow, { signed, receipt }, { ...informed, parties });
  }
  return id;
}
