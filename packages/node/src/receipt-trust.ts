import { CodecError, decode, HASH_BYTES, hex, list, record } from "@stateset/codec";
import {
  followMemberSets,
  hashMemberSet,
  LedgerError,
  memberSetChangeSchema,
  memberSetSchema,
  type NetworkId,
  type ReceiptTrust,
} from "@stateset/ledger";

/** Whom to believe: the members that a cluster's genesis named, and the changes since. */
const receiptTrustSchema = record({
  network: hex<NetworkId>({ length: HASH_BYTES }),
  genesis: memberSetSchema,
  changes: list(memberSetChangeSchema, { max: 4096 }),
});

/** @throws LedgerError `receipt/malformed`, `receipt/untrusted-members` */
export function decodeTrust(encoded: Uint8Array): ReceiptTrust {
  try {
    const { network, genesis, changes } = decode(receiptTrustSchema, encoded);
    const memberSets = followMemberSets(network, genesis, changes);
    const unproven = changes[memberSets.length - 1]?.next;
    if (unproven !== undefined)
      throw new LedgerError({
        code: "receipt/untrusted-members",
        memberSetHash: hashMemberSet(unproven),
        epoch: unproven.epoch,
      });
    return { network, memberSets };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new LedgerError({ code: "receipt/malformed", reason: error.message });
  }
}
