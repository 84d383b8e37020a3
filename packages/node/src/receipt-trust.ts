import { readFile } from "node:fs/promises";
import { CodecError, decode, HASH_BYTES, hex, list, record } from "@stateset/codec";
import {
  followMemberSets,
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

export async function readTrust(path: string): Promise<ReceiptTrust> {
  try {
    const { network, genesis, changes } = decode(receiptTrustSchema, await readFile(path));
    return { network, memberSets: followMemberSets(network, genesis, changes) };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new LedgerError({ code: "receipt/malformed", reason: `${path}: ${error.message}` });
  }
}
