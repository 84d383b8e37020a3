import {
  fromHex,
  type Hash,
  merklePath,
  merkleRoot,
  publicKeyOf,
  type SecretKey,
  type Signature,
  sign,
  taggedHash,
  toHex,
} from "@stateset/codec";
import {
  type BlockHeader,
  blockLeaf,
  blockPayload,
  hashBlock,
  hashMemberSet,
  type MemberSet,
  type MemberSetChange,
  memberSetPayload,
  type NotaryId,
  type Receipt,
  type TransactionId,
} from "@stateset/ledger";
import { type Genesis, networkIdOf } from "@stateset/network";
import { developmentKey } from "../../src/development/development-network.ts";

const hashOf = (text: string): Hash => taggedHash("empty", new TextEncoder().encode(text));

/** Signs the network map. */
export const AUTHORITY = developmentKey("map authority");
export const GENESIS: Genesis = {
  name: "test",
  rootCertificate: Uint8Array.of(1),
  mapAuthority: publicKeyOf(AUTHORITY),
  salt: hashOf("salt"),
};
export const NETWORK = networkIdOf(GENESIS);
export const CLUSTER = hashOf("cluster") as string as NotaryId;
export const workers = (epoch: number): SecretKey[] =>
  [0, 1, 2, 3, 4, 5, 6].map((index) => developmentKey(`worker ${index} of epoch ${epoch}`));

export function memberSet(epoch: number): MemberSet {
  return { cluster: CLUSTER, epoch, quorum: 5, members: workers(epoch).map(publicKeyOf) };
}

/** The second set, as five of the first have agreed to it. */
export const CHANGE: MemberSetChange = {
  next: memberSet(1),
  signatures: workers(0)
    .slice(0, 5)
    .map((key) => sign(key, memberSetPayload(NETWORK, memberSet(1)))),
};
/** Signed by four only. */
export const SHORT_CHANGE: MemberSetChange = {
  ...CHANGE,
  signatures: CHANGE.signatures.slice(0, 4),
};

/** A trust file's content, as its JSON has it. */
export const trustOf = (...changes: MemberSetChange[]) => ({
  network: NETWORK,
  genesis: memberSet(0),
  changes,
});
const IDS = [0, 1, 2, 3, 4].map((n) => hashOf(`transaction ${n}`) as string as TransactionId);
export const ID = IDS[2] as TransactionId;
const leaves = IDS.map(blockLeaf);
const earlier = [hashOf("block 1"), hashOf("block 2")].map(fromHex);

export const BLOCK: BlockHeader = {
  cluster: CLUSTER,
  height: 3,
  blockTime: Date.UTC(2026, 0, 2),
  memberEpoch: 0,
  memberSetHash: hashMemberSet(memberSet(0)),
  blockRoot: toHex(merkleRoot(leaves)) as Hash,
  historyRoot: toHex(merkleRoot(earlier)) as Hash,
};

export function signedBy(block: BlockHeader, keys: readonly SecretKey[]): Signature[] {
  return keys.map((key) => sign(key, blockPayload(NETWORK, block)));
}

/** By five of seven. */
export const RECEIPT: Receipt = {
  block: BLOCK,
  signatures: signedBy(BLOCK, workers(0).slice(0, 5)),
  inBlock: { index: 2, size: IDS.length, path: merklePath(leaves, 2).map(toHex) },
};

const history = [...earlier, fromHex(hashBlock(BLOCK))];
const LATER: BlockHeader = {
  ...BLOCK,
  height: 4,
  memberEpoch: 1,
  memberSetHash: hashMemberSet(memberSet(1)),
  historyRoot: toHex(merkleRoot(history)) as Hash,
};

/** The same receipt after its members retired: the next ones vouch for its block. */
export const VOUCHED: Receipt = {
  ...RECEIPT,
  inHistory: {
    block: LATER,
    signatures: signedBy(LATER, workers(1).slice(0, 5)),
    index: 2,
    size: 3,
    path: merklePath(history, 2).map(toHex),
  },
};
