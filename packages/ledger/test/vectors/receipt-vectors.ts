import { encode, type Hash, type SecretKey, toHex } from "@stateset/codec";
import {
  followMemberSets,
  hashBlock,
  hashMemberSet,
  type MemberSet,
  type MemberSetChange,
  memberSetChangeSchema,
  memberSetSchema,
  type NotaryId,
  type Receipt,
  receiptSchema,
  type TransactionId,
  transactionId,
  verifyReceipt,
} from "@stateset/ledger";
import { countedHex, countedKey } from "./counted-bytes.ts";
import { codeOf } from "./expect-code.ts";
import {
  change,
  MEMBER_SETS,
  receiptOf,
  sampleChain,
  signBlock,
  WORKERS,
} from "./sample-cluster.ts";
import { NETWORK, sampleTransaction } from "./sample-transaction.ts";

const id = transactionId(sampleTransaction());
const chain = sampleChain(id);
const [genesis, second, third] = MEMBER_SETS;

export function receiptVectors() {
  return {
    network: NETWORK,
    id,
    memberSets: MEMBER_SETS.map((set) => ({
      bytes: toHex(encode(memberSetSchema, set)),
      hash: hashMemberSet(set),
    })),
    blocks: chain.map(({ header, ids }) => ({ header, ids, hash: hashBlock(header) })),
    changes: changes(),
    receipts: [...accepted(), ...refused()],
  };
}

type ChangeRow = [name: string, changes: MemberSetChange[], epochs: number];

/** From the genesis set on: how many sets are trusted at the end. */
function changes() {
  const otherCluster = { ...second, cluster: countedHex<NotaryId>("notary", 1) };
  const fifthTwice = change(1, 4);
  fifthTwice.signatures.push(...change(1, 1).signatures);
  const altered = { ...change(1, 7), next: { ...second, quorum: 1 } };
  const byNext = { ...change(1, 5), signatures: change(2, 5, second).signatures.slice(0, 1) };
  const rows: ChangeRow[] = [
    ["none", [], 1],
    ["signed by five of seven", [change(1, 5)], 2],
    ["signed by all", [change(1, 7)], 2],
    ["two changes", [change(1, 5), change(2, 5)], 3],
    ["signed by four", [change(1, 4)], 1],
    ["signed by four, one of them twice", [fifthTwice], 1],
    ["signed by a new member alone", [byNext], 1],
    ["the second change alone", [change(2, 7)], 1],
    ["the changes in the wrong order", [change(2, 7), change(1, 7)], 1],
    ["the same change twice", [change(1, 5), change(1, 5)], 2],
    ["the second signed by four", [change(1, 5), change(2, 4)], 2],
    ["of another cluster", [change(1, 7, otherCluster)], 1],
    ["the set altered after signing", [altered], 1],
  ];
  return rows.map(([name, given, trusted]) => {
    const found = followMemberSets(NETWORK, genesis, given).length;
    if (found !== trusted) throw new Error(`${name}: ${found} sets are trusted, not ${trusted}`);
    return {
      name,
      changes: given.map((each) => toHex(encode(memberSetChangeSchema, each))),
      trusted,
    };
  });
}

type Trust = { sets: MemberSet[]; stored?: true; of?: TransactionId };

/** A receipt, the sets that its reader trusts, and the code with which it is refused, if it is. */
function row(name: string, receipt: Receipt, { sets, stored, of = id }: Trust, code = "none") {
  const storedBeforeRotation = stored ?? false;
  const trust = { network: NETWORK, memberSets: sets, storedBeforeRotation };
  const found = codeOf(() => verifyReceipt(receipt, of, trust));
  if (found !== code) throw new Error(`${name}: ${found}, not ${code}`);
  return {
    name,
    id: of,
    receipt: toHex(encode(receiptSchema, receipt)),
    memberSets: sets.map((set) => toHex(encode(memberSetSchema, set))),
    storedBeforeRotation,
    ...(code === "none" ? {} : { code }),
  };
}

function accepted() {
  const now = { sets: [genesis, second] };
  return [
    row("a block of the current epoch", receiptOf(chain, 4), now),
    row("a block of the genesis epoch, still current", receiptOf(chain, 0), { sets: [genesis] }),
    row("a retired epoch, in the history of a current block", receiptOf(chain, 2, 4), now),
    row("a retired epoch, the block just before", receiptOf(chain, 2, 3), now),
    row("the first block of all", receiptOf(chain, 0, 3), now),
    row("a retired epoch, stored before the rotation", receiptOf(chain, 1), {
      ...now,
      stored: true,
    }),
    row("signed by all seven", signedBy(4, WORKERS[1]), now),
    row("signed by a stranger too", signedBy(4, [stranger, ...WORKERS[1].slice(0, 5)]), now),
  ];
}

const stranger = countedKey("ed25519", "stranger");

function signedBy(number: number, keys: readonly SecretKey[]): Receipt {
  const receipt = receiptOf(chain, number);
  return { ...receipt, signatures: signBlock(receipt.block, keys) };
}

const QUORUM = "receipt/quorum-missing";
const NOT_IN_BLOCK = "receipt/not-in-block";
const UNTRUSTED = "receipt/untrusted-members";
const RETIRED = "receipt/retired-epoch";

function refused() {
  return [...refusedSignatures(), ...refusedPlaces(), ...refusedMembers(), ...refusedHistories()];
}

function refusedSignatures() {
  const now = { sets: [genesis, second] };
  const good = receiptOf(chain, 4);
  const four = WORKERS[1].slice(0, 4);
  const first = WORKERS[1][0] as SecretKey;
  const later = { ...good.block, blockTime: good.block.blockTime + 1 };
  const forBatch = signBlock(good.block, WORKERS[1], { purpose: "transaction-batch" });
  const elsewhere = signBlock(good.block, WORKERS[1], {
    networkId: countedHex<never>("network", 1),
  });
  return [
    row("four signatures", signedBy(4, four), now, QUORUM),
    row("four, and one of them again", signedBy(4, [...four, first]), now, QUORUM),
    row("four, and a stranger", signedBy(4, [...four, stranger]), now, QUORUM),
    row("signed by the epoch before", signedBy(4, WORKERS[0].slice(0, 5)), now, QUORUM),
    row("the block time altered", { ...good, block: later }, now, QUORUM),
    row("signed for another purpose", { ...good, signatures: forBatch }, now, QUORUM),
    row("signed on another network", { ...good, signatures: elsewhere }, now, QUORUM),
  ];
}

function refusedPlaces() {
  const now = { sets: [genesis, second] };
  const good = receiptOf(chain, 4);
  const at = (change: Partial<Receipt["inBlock"]>) => ({
    ...good,
    inBlock: { ...good.inBlock, ...change },
  });
  const { path } = good.inBlock;
  const other = countedHex<TransactionId>("id of 4", 0);
  return [
    row("another id", good, { ...now, of: other }, NOT_IN_BLOCK),
    row("another index", at({ index: 6 }), now, NOT_IN_BLOCK),
    row("an index beyond the block", at({ index: 8 }), now, NOT_IN_BLOCK),
    row("a path too short", at({ path: path.slice(1) }), now, NOT_IN_BLOCK),
    row("siblings swapped", at({ path: path.toReversed() }), now, NOT_IN_BLOCK),
  ];
}

function refusedMembers() {
  const now = { sets: [genesis, second] };
  const good = receiptOf(chain, 4);
  const smaller: MemberSet = { ...second, quorum: 4 };
  const reindexed: MemberSet = { ...second, members: second.members.toReversed() };
  const cluster = countedHex<NotaryId>("notary", 1);
  return [
    row("an epoch that is not known", good, { sets: [genesis] }, UNTRUSTED),
    row("another quorum", good, { sets: [genesis, smaller] }, UNTRUSTED),
    row("the members in another order", good, { sets: [genesis, reindexed] }, UNTRUSTED),
    row("another set's hash", headed({ memberSetHash: hashMemberSet(third) }), now, UNTRUSTED),
    row("another cluster", headed({ cluster }), now, "receipt/wrong-chain"),
  ];
}

/** The same block under an altered header that all members signed. */
function headed(change: { memberSetHash?: Hash; cluster?: NotaryId }): Receipt {
  const good = receiptOf(chain, 4);
  const block = { ...good.block, ...change };
  return { ...good, block, signatures: signBlock(block, WORKERS[1]) };
}

function refusedHistories() {
  const now = { sets: [genesis, second] };
  const good = receiptOf(chain, 1, 4);
  const history = good.inHistory as NonNullable<Receipt["inHistory"]>;
  const within = (change: Partial<typeof history>) => ({
    ...good,
    inHistory: { ...history, ...change },
  });
  const four = signBlock(history.block, WORKERS[1].slice(0, 4));
  const afterNext = { sets: [genesis, second, third] };
  return [
    row("a retired epoch without history", receiptOf(chain, 1), now, RETIRED),
    row("the history of a retired block", receiptOf(chain, 0, 2), now, RETIRED),
    row("the history retired as well", good, afterNext, RETIRED),
    row("a retired block that claims to be the later one", heightened(4), now, RETIRED),
    row("another place in the history", within({ index: 2 }), now, RETIRED),
    row("a history path too short", within({ path: history.path.slice(1) }), now, RETIRED),
    row("a history signed by four", within({ signatures: four }), now, QUORUM),
  ];
}

/** What leaked keys of a retired epoch could sign: the same block, said to be of another height. */
function heightened(height: number): Receipt {
  const good = receiptOf(chain, 1, 3);
  const block = { ...good.block, height };
  return { ...good, block, signatures: signBlock(block) };
}
