import {
  encode,
  fromHex,
  HASH_BYTES,
  type Hash,
  hex,
  type Infer,
  list,
  optional,
  record,
  rootFromPath,
  type SignaturePayload,
  signatureSchema,
  taggedHash,
  taggedHashBytes,
  toHex,
  uint,
} from "@stateset/codec";
import { LedgerError, type LedgerFault } from "../ledger-error.ts";
import { type NetworkId, notaryIdSchema, type TransactionId } from "../transaction/ids.ts";
import {
  countMembers,
  hashMemberSet,
  type MemberSet,
  memberSetHashSchema,
  payloadOf,
} from "./member-set.ts";

const PATH_MAX = 40;
const SIGNATURES_MAX = 64;
const hash = hex<Hash>({ length: HASH_BYTES });
const placeFields = {
  index: uint(),
  size: uint({ min: 1 }),
  path: list(hex({ length: HASH_BYTES }), { max: PATH_MAX }),
};

/** What the members of a cluster sign of each block. */
export const blockHeaderSchema = record({
  cluster: notaryIdSchema,
  height: uint({ min: 1 }),
  /** Milliseconds since 1970, UTC: BFT time, never going back. */
  blockTime: uint(),
  memberEpoch: uint(),
  memberSetHash: memberSetHashSchema,
  /** The tree over the ids that the block notarised. */
  blockRoot: hash,
  /** The tree over the hashes of the blocks before this one. */
  historyRoot: hash,
});
export type BlockHeader = Infer<typeof blockHeaderSchema>;

/**
 * The proof that a transaction was notarised: a block's header signed by a quorum, and the path of
 * the id in the block. Whoever knows the cluster's genesis members can check it offline.
 */
export const receiptSchema = record({
  block: blockHeaderSchema,
  signatures: list(signatureSchema, { min: 1, max: SIGNATURES_MAX }),
  inBlock: record(placeFields),
  /** For a block of a retired epoch: its hash in the history of a block of the current one. */
  inHistory: optional(
    record({
      block: blockHeaderSchema,
      signatures: list(signatureSchema, { min: 1, max: SIGNATURES_MAX }),
      ...placeFields,
    }),
  ),
});
export type Receipt = Infer<typeof receiptSchema>;

/** The hash that members sign of a block. */
export function hashBlock(block: BlockHeader): Hash {
  return taggedHash("receipt", encode(blockHeaderSchema, block));
}

/** What members sign of a block. */
export function blockPayload(network: NetworkId, block: BlockHeader): SignaturePayload {
  return payloadOf("receipt", network, hashBlock(block));
}

/** The leaf of an id in the tree of its block. */
export function blockLeaf(id: TransactionId): Uint8Array {
  return taggedHashBytes("block", fromHex(id));
}

export type ReceiptTrust = {
  network: NetworkId;
  /** The cluster's member sets, the current one last; see `followMemberSets`. */
  memberSets: readonly MemberSet[];
  /** Set where the receipt was already stored before its members retired. */
  storedBeforeRotation?: boolean;
};

/**
 * Checks offline that the transaction was notarised by the cluster.
 * @returns the block that notarised it
 * @throws LedgerError `receipt/…` with the first fault
 */
export function verifyReceipt(
  receipt: Receipt,
  id: TransactionId,
  trust: ReceiptTrust,
): BlockHeader {
  const { block, signatures } = receipt;
  verifyBlock(block, signatures, trust);
  assertInBlock(receipt, id);
  const current = trust.memberSets.at(-1);
  if (
    current !== undefined &&
    block.memberEpoch !== current.epoch &&
    trust.storedBeforeRotation !== true
  )
    verifyHistory(receipt, current, trust);
  return block;
}

/**
 * That the id is in the block, if the block is one: what of a receipt can be checked without
 * believing anybody, and proves nothing by itself.
 * @throws LedgerError `receipt/not-in-block`
 */
export function assertInBlock({ block, inBlock }: Receipt, id: TransactionId): void {
  const root = rootFromPath(blockLeaf(id), inBlock, inBlock.path.map(fromHex));
  if (root === undefined || toHex(root) !== block.blockRoot)
    throw new LedgerError({ code: "receipt/not-in-block", id });
}

/** Keys of a retired epoch may have leaked since: the current members must vouch for the block. */
function verifyHistory(
  { block, inHistory }: Receipt,
  current: MemberSet,
  trust: ReceiptTrust,
): void {
  const retired: LedgerFault = {
    code: "receipt/retired-epoch",
    epoch: block.memberEpoch,
    current: current.epoch,
  };
  if (inHistory?.block.memberEpoch !== current.epoch || inHistory.block.height <= block.height)
    throw new LedgerError(retired);
  verifyBlock(inHistory.block, inHistory.signatures, trust);
  const root = rootFromPath(fromHex(hashBlock(block)), inHistory, inHistory.path.map(fromHex));
  if (root === undefined || toHex(root) !== inHistory.block.historyRoot)
    throw new LedgerError(retired);
}

function verifyBlock(
  block: BlockHeader,
  signatures: Receipt["signatures"],
  { network, memberSets }: ReceiptTrust,
): void {
  const members = memberSets.find(({ epoch }) => epoch === block.memberEpoch);
  if (members === undefined || hashMemberSet(members) !== block.memberSetHash)
    throw new LedgerError({
      code: "receipt/untrusted-members",
      memberSetHash: block.memberSetHash,
      epoch: block.memberEpoch,
    });
  if (members.cluster !== block.cluster)
    throw new LedgerError({
      code: "receipt/wrong-chain",
      expected: members.cluster,
      found: block.cluster,
    });
  const found = countMembers(members, signatures, blockPayload(network, block));
  if (found < members.quorum)
    throw new LedgerError({ code: "receipt/quorum-missing", found, quorum: members.quorum });
}
