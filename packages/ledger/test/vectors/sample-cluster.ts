import {
  type Hash,
  merklePath,
  merkleRoot,
  publicKeyOf,
  type SecretKey,
  type SignaturePayload,
  sign,
  toHex,
} from "@stateset/codec";
import {
  type BlockHeader,
  blockLeaf,
  hashBlock,
  hashMemberSet,
  type MemberSet,
  type MemberSetChange,
  memberSetPayload,
  type Receipt,
  type TransactionId,
} from "@stateset/ledger";
import { countedHex, countedKey } from "./counted-bytes.ts";
import { NETWORK, NOTARY } from "./sample-transaction.ts";

export type BlockSignature = Receipt["signatures"][number];

const SEVEN = [0, 1, 2, 3, 4, 5, 6];

/** The workers of an epoch: seven, of which one is replaced in each epoch; one has a P-256 key. */
export const WORKERS = [0, 1, 2].map((epoch) =>
  SEVEN.map((member) =>
    countedKey(member === 3 ? "p256" : "ed25519", `member ${member < epoch ? member + 7 : member}`),
  ),
) as [SecretKey[], SecretKey[], SecretKey[]];

export const MEMBER_SETS = WORKERS.map((workers, epoch) => memberSet(epoch, workers)) as [
  MemberSet,
  MemberSet,
  MemberSet,
];

function memberSet(epoch: number, workers: readonly SecretKey[]): MemberSet {
  return { cluster: NOTARY, epoch, quorum: 5, members: workers.map(publicKeyOf) };
}

/** The next epoch's set, signed by the first workers of the one before. */
export function change(epoch: 1 | 2, signers: number, next = MEMBER_SETS[epoch]): MemberSetChange {
  const payload = memberSetPayload(NETWORK, next);
  const workers = WORKERS[(epoch - 1) as 0 | 1].slice(0, signers);
  return { next, signatures: workers.map((key) => sign(key, payload)) };
}

export type Block = { header: BlockHeader; ids: TransactionId[] };

/** Five blocks of two epochs: of 1, 2, 3, 5 and 8 ids, each over the hashes of those before it. */
export function sampleChain(last: TransactionId): Block[] {
  const blocks: Block[] = [];
  for (const [i, size] of [1, 2, 3, 5, 8].entries()) {
    const ids = Array.from({ length: size }, (_, n) => countedHex<TransactionId>(`id of ${i}`, n));
    ids[size - 1] = last;
    const epoch = i < 3 ? 0 : 1;
    const header: BlockHeader = {
      cluster: NOTARY,
      height: i + 1,
      blockTime: 1_767_225_600_000 + i * 1000,
      memberEpoch: epoch,
      memberSetHash: hashMemberSet(MEMBER_SETS[epoch]),
      blockRoot: toHex(merkleRoot(ids.map(blockLeaf))) as Hash,
      historyRoot: toHex(merkleRoot(hashesOf(blocks))) as Hash,
    };
    blocks.push({ header, ids });
  }
  return blocks;
}

/** A receipt for the last id of a block, with the history of a later block where one is given. */
export function receiptOf(blocks: readonly Block[], number: number, history?: number): Receipt {
  const { header, ids } = blocks[number] as Block;
  const place = { index: ids.length - 1, size: ids.length };
  const path = merklePath(ids.map(blockLeaf), place.index).map(toHex);
  const receipt = { block: header, signatures: signBlock(header), inBlock: { ...place, path } };
  if (history === undefined) return receipt;
  const later = (blocks[history] as Block).header;
  const hashes = hashesOf(blocks.slice(0, history));
  const inHistory = {
    block: later,
    signatures: signBlock(later),
    index: number,
    size: history,
    path: merklePath(hashes, number).map(toHex),
  };
  return { ...receipt, inHistory };
}

/** By members 2 to 6 where no others are named. */
export function signBlock(
  header: BlockHeader,
  by: readonly SecretKey[] = (WORKERS[header.memberEpoch] as SecretKey[]).slice(2),
  altered: Partial<SignaturePayload> = {},
): BlockSignature[] {
  const payload: SignaturePayload = {
    purpose: "receipt",
    networkId: NETWORK,
    metadata: { platformVersion: 0 },
    hash: hashBlock(header),
    ...altered,
  };
  return by.map((key) => sign(key, payload));
}

function hashesOf(blocks: readonly Block[]): Uint8Array[] {
  return blocks.map(({ header }) => Buffer.from(hashBlock(header), "hex"));
}
