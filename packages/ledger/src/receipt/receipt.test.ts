import {
  decode,
  encode,
  fromHex,
  merklePath,
  merkleRoot,
  publicKeyOf,
  type SecretKey,
  type Signature,
  sign,
  toHex,
} from "@stateset/codec";
import { expect, test } from "vitest";
import { id32, ledgerFault, network, notary, secretKey } from "../../test/coin-network.ts";
import type { LedgerFault } from "../ledger-error.ts";
import type { NetworkId, NotaryId, TransactionId } from "../transaction/ids.ts";
import { hashMemberSet, type MemberSet, payloadOf } from "./member-set.ts";
import {
  type BlockHeader,
  blockLeaf,
  hashBlock,
  type Receipt,
  type ReceiptTrust,
  receiptSchema,
  verifyReceipt,
} from "./receipt.ts";

const keys = [1, 2, 3, 4].map(secretKey) as [SecretKey, SecretKey, SecretKey, SecretKey];
const laterKeys = [5, 6, 7].map(secretKey);
const membersOf = (epoch: number, of: readonly SecretKey[], quorum: number): MemberSet => ({
  cluster: notary,
  epoch,
  quorum,
  members: of.map(publicKeyOf),
});
const genesis = membersOf(0, keys, 3);
const current = membersOf(1, laterKeys, 2);

const ids = Array.from({ length: 5 }, (_, i) => id32(0x20 + i) as TransactionId);
const id = ids[3] as TransactionId;
const leaves = ids.map(blockLeaf);
const history = [10, 11, 12].map((fill) => fromHex(id32(fill)));

const block: BlockHeader = {
  cluster: notary,
  height: 4,
  blockTime: 5_000,
  memberEpoch: 0,
  memberSetHash: hashMemberSet(genesis),
  blockRoot: toHex(merkleRoot(leaves)) as BlockHeader["blockRoot"],
  historyRoot: toHex(merkleRoot(history)) as BlockHeader["historyRoot"],
};
const inBlock = { index: 3, size: 5, path: merklePath(leaves, 3).map(toHex) };
const signedBy = (of: BlockHeader, ...by: SecretKey[]): Signature[] =>
  by.map((key) => sign(key, payloadOf("receipt", network, hashBlock(of))));
const receiptOf = (of: BlockHeader, ...by: SecretKey[]): Receipt => ({
  block: of,
  signatures: signedBy(of, ...by),
  inBlock,
});
const valid = receiptOf(block, keys[0], keys[1], keys[2]);
const trust: ReceiptTrust = { network, memberSets: [genesis] };

test("a quorum's receipt shows the block, and survives its encoding", () => {
  expect(verifyReceipt(valid, id, trust)).toEqual(block);
  expect(verifyReceipt(receiptOf(block, ...keys), id, trust)).toEqual(block);
  expect(verifyReceipt(receiptOf(block, keys[3], keys[0], keys[2]), id, trust)).toEqual(block);
  expect(decode(receiptSchema, encode(receiptSchema, valid))).toEqual(valid);
});

test("every id of the block has a receipt", () => {
  for (const [index, each] of ids.entries()) {
    const path = merklePath(leaves, index).map(toHex);
    expect(verifyReceipt({ ...valid, inBlock: { index, size: 5, path } }, each, trust)).toEqual(
      block,
    );
  }
});

const stranger = secretKey(0x99);
const missing = (found: number): LedgerFault => ({
  code: "receipt/quorum-missing",
  found,
  quorum: 3,
});
const notInBlock: LedgerFault = { code: "receipt/not-in-block", id };
const foreign = { ...block, cluster: id32(0xee) as NotaryId };
const composite = (...by: SecretKey[]): Signature => ({
  kind: "composite",
  tree: publicKeyOf(keys[0]),
  signatures: signedBy(block, ...by) as never,
});
const withPlace = (change: Partial<Receipt["inBlock"]>): Receipt => ({
  ...valid,
  inBlock: { ...inBlock, ...change },
});

/** Each row breaks one thing. */
test.each<[string, Receipt, Partial<LedgerFault>]>([
  ["one signature too few", receiptOf(block, keys[0], keys[1]), missing(2)],
  ["a member's signature twice", receiptOf(block, keys[0], keys[1], keys[1]), missing(2)],
  ["a stranger's signature", receiptOf(block, keys[0], keys[1], stranger), missing(2)],
  [
    "signatures over another block",
    { ...valid, signatures: signedBy({ ...block, height: 5 }, ...keys) },
    missing(0),
  ],
  [
    "signatures for another network",
    {
      ...valid,
      signatures: keys.map((key) =>
        sign(key, payloadOf("receipt", id32(1) as NetworkId, hashBlock(block))),
      ),
    },
    missing(0),
  ],
  [
    "signatures for another purpose",
    {
      ...valid,
      signatures: keys.map((key) => sign(key, payloadOf("member-set", network, hashBlock(block)))),
    },
    missing(0),
  ],
  ["a composite signature", { ...valid, signatures: [composite(...keys)] }, missing(0)],
  ["another block time", { ...valid, block: { ...block, blockTime: 1 } }, missing(0)],
  [
    "members of an epoch that is not known",
    receiptOf({ ...block, memberEpoch: 1 }, ...keys),
    { code: "receipt/untrusted-members", epoch: 1 },
  ],
  [
    "other members in the same epoch",
    receiptOf({ ...block, memberSetHash: hashMemberSet(membersOf(0, keys, 1)) }, ...keys),
    { code: "receipt/untrusted-members", epoch: 0 },
  ],
  [
    "another cluster's block, signed by these members",
    receiptOf(foreign, ...keys),
    { code: "receipt/wrong-chain", expected: notary, found: foreign.cluster },
  ],
  ["another index", withPlace({ index: 2 }), notInBlock],
  ["an index outside", withPlace({ index: 5 }), notInBlock],
  ["another sibling", withPlace({ path: inBlock.path.with(0, id32(0)) }), notInBlock],
  ["a sibling less", withPlace({ path: inBlock.path.slice(1) }), notInBlock],
  ["a sibling more", withPlace({ path: [...inBlock.path, id32(0)] }), notInBlock],
])("%s", (_, receipt, expected) => {
  expect(ledgerFault(() => verifyReceipt(receipt, id, trust))).toMatchObject(expected);
});

test("a receipt does not count for another transaction", () => {
  const other = ids[2] as TransactionId;
  const fault = { code: "receipt/not-in-block", id: other };
  expect(ledgerFault(() => verifyReceipt(valid, other, trust))).toEqual(fault);
});

test("nothing is trusted without member sets", () => {
  const nobody = { network, memberSets: [] };
  const fault = ledgerFault(() => verifyReceipt(valid, id, nobody));
  expect(fault?.code).toBe("receipt/untrusted-members");
});

const later: BlockHeader = {
  ...block,
  height: 9,
  memberEpoch: 1,
  memberSetHash: hashMemberSet(current),
  historyRoot: toHex(merkleRoot([...history, fromHex(hashBlock(block))])) as never,
};
const rotated: ReceiptTrust = { network, memberSets: [genesis, current] };
const inHistory = {
  block: later,
  signatures: signedBy(later, ...laterKeys),
  index: 3,
  size: 4,
  path: merklePath([...history, fromHex(hashBlock(block))], 3).map(toHex),
};
const retired: LedgerFault = { code: "receipt/retired-epoch", epoch: 0, current: 1 };

test("a receipt of a retired epoch needs its block in the history of the current one", () => {
  expect(ledgerFault(() => verifyReceipt(valid, id, rotated))).toEqual(retired);
  expect(verifyReceipt({ ...valid, inHistory }, id, rotated)).toEqual(block);
});

test("a receipt that was stored before the rotation needs no more than it had", () => {
  expect(verifyReceipt(valid, id, { ...rotated, storedBeforeRotation: true })).toEqual(block);
  const tooFew = receiptOf(block, keys[0], keys[1]);
  const stored = { ...rotated, storedBeforeRotation: true };
  expect(ledgerFault(() => verifyReceipt(tooFew, id, stored))).toEqual(missing(2));
});

test.each<[string, Partial<NonNullable<Receipt["inHistory"]>>, Partial<LedgerFault>]>([
  ["another index", { index: 2 }, retired],
  ["another sibling", { path: inHistory.path.with(0, id32(0)) }, retired],
  ["a block of the retired epoch itself", { block, signatures: valid.signatures }, retired],
  [
    "the retired members' signatures",
    { signatures: signedBy(later, ...keys) },
    { code: "receipt/quorum-missing", found: 0, quorum: 2 },
  ],
])("a history with %s does not count", (_, change, expected) => {
  const receipt = { ...valid, inHistory: { ...inHistory, ...change } };
  expect(ledgerFault(() => verifyReceipt(receipt, id, rotated))).toMatchObject(expected);
});

test("leaked keys of a retired epoch cannot date, or number, a block anew", () => {
  for (const change of [{ blockTime: 1 }, { height: 1 }]) {
    const forged = { ...receiptOf({ ...block, ...change }, ...keys), inHistory };
    expect(ledgerFault(() => verifyReceipt(forged, id, rotated))).toEqual(retired);
  }
});

test("a block vouches for those before it only", () => {
  const early = { ...later, height: block.height };
  const signatures = signedBy(early, ...laterKeys);
  const receipt = { ...valid, inHistory: { ...inHistory, block: early, signatures } };
  expect(ledgerFault(() => verifyReceipt(receipt, id, rotated))).toEqual(retired);
});
