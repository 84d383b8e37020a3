import {
  CodecError,
  decode,
  fromJson,
  HASH_BYTES,
  hex,
  type Infer,
  list,
  record,
} from "@stateset/codec";
import {
  followMemberSets,
  hashMemberSet,
  LedgerError,
  memberSetChangeSchema,
  memberSetSchema,
  type NetworkId,
  type ReceiptTrust,
} from "@stateset/ledger";
import { isJson, parseJson } from "./json-file.ts";

/** Whom to believe: the members that a cluster's genesis named, and the changes since. */
const receiptTrustSchema = record({
  network: hex<NetworkId>({ length: HASH_BYTES }),
  genesis: memberSetSchema,
  changes: list(memberSetChangeSchema, { max: 4096 }),
});
export type TrustedGenesis = Infer<typeof receiptTrustSchema>;

/**
 * The trust that a file names, in canonical bytes or in the JSON of the same schema.
 * @throws LedgerError `receipt/malformed`, `receipt/untrusted-members`
 */
export function decodeTrust(content: Uint8Array): ReceiptTrust {
  return followTrust(readTrust(content));
}

/**
 * A set that the one before it did not agree to is nobody's to believe, nor can it be passed over:
 * the members of an older epoch would count as the current ones.
 * @throws LedgerError `receipt/untrusted-members`
 */
export function followTrust({ network, genesis, changes }: TrustedGenesis): ReceiptTrust {
  const memberSets = followMemberSets(network, genesis, changes);
  const unproven = changes[memberSets.length - 1]?.next;
  if (unproven === undefined) return { network, memberSets };
  throw new LedgerError({
    code: "receipt/untrusted-members",
    memberSetHash: hashMemberSet(unproven),
    epoch: unproven.epoch,
  });
}

/** @throws LedgerError `receipt/malformed` */
export function readTrust(content: Uint8Array): TrustedGenesis {
  try {
    return isJson(content)
      ? fromJson(receiptTrustSchema, parseJson(content))
      : decode(receiptTrustSchema, content);
  } catch (error) {
    if (!(error instanceof CodecError || error instanceof SyntaxError)) throw error;
    throw new LedgerError({ code: "receipt/malformed", reason: error.message });
  }
}
