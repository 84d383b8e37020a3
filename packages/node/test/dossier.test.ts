import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publicKeyOf, type SecretKey, sign, taggedHash, toHex } from "@stateset/codec";
import { VmContractRunner, vmParameters } from "@stateset/contract-vm";
import {
  type BlockHeader,
  type BundleFile,
  blockLeaf,
  type Dossier,
  decodeDossier,
  decodeSignedTransaction,
  encodeDossier,
  encodeSignedTransaction,
  hashBlock,
  hashMemberSet,
  loadBundleFile,
  type MemberSet,
  type NotaryId,
  type Receipt,
  type ReceiptTrust,
  verifyDossier,
} from "@stateset/ledger";
import { beforeAll, describe, expect, test } from "vitest";
import { developmentKey } from "../src/development/development-network.ts";
import { issueDossier } from "../src/development/issue-dossier.ts";

const SAMPLES = join(import.meta.dirname, "../../../samples");
const contracts = new VmContractRunner();
let issued: Awaited<ReturnType<typeof issueDossier>>;
let cluster: NotaryId;

beforeAll(async () => {
  issued = await issueDossier(readFileSync(join(SAMPLES, "invoice-eur-standard.xml")), 0);
  const verified = await verifyDossier(issued.dossier, { contracts });
  cluster = verified.transaction.contents.meta.notary;
});

const members: SecretKey[] = [0, 1, 2, 3].map((index) => developmentKey(`member ${index}`));

function trusted(): ReceiptTrust & { memberSets: [MemberSet] } {
  const set: MemberSet = { cluster, epoch: 0, quorum: 3, members: members.map(publicKeyOf) };
  const network = issued.dossier.parameters[0]?.network;
  return { network: network as ReceiptTrust["network"], memberSets: [set] };
}

/** The receipt of a block that holds nothing else. */
function receiptBy(signers: readonly SecretKey[], change: Partial<BlockHeader> = {}): Receipt {
  const { network, memberSets } = trusted();
  const block: BlockHeader = {
    cluster,
    height: 7,
    blockTime: 1_790_000_000_000,
    memberEpoch: 0,
    memberSetHash: hashMemberSet(memberSets[0]),
    blockRoot: toHex(blockLeaf(issued.id)) as BlockHeader["blockRoot"],
    historyRoot: taggedHash("empty"),
    ...change,
  };
  const payload = {
    purpose: "receipt",
    networkId: network as never,
    metadata: { platformVersion: 0 },
    hash: hashBlock(block),
  } as const;
  const signatures = signers.map((key) => sign(key, payload));
  return { block, signatures, inBlock: { index: 0, size: 1, path: [] } };
}

function withReceipt(receipt: Receipt): Dossier {
  return { ...issued.dossier, receipts: [{ id: issued.id, receipt }] };
}

test("a dossier survives being written and read", async () => {
  const read = decodeDossier(encodeDossier(issued.dossier));
  expect(read).toEqual(issued.dossier);
  const { transaction, notarised } = await verifyDossier(read, { contracts });
  expect(transaction.id).toBe(issued.id);
  expect(notarised.size).toBe(0);
});

test("nothing is spent twice by telling it twice", async () => {
  const { dossier } = issued;
  const again = { ...dossier, history: [dossier.transaction] };
  await expect(verifyDossier(again, { contracts })).rejects.toMatchObject({ code: "tx/malformed" });
});

test.each<[string, object]>([
  ["gas", { gas: Number.MAX_SAFE_INTEGER }],
  ["memoryBytes", { memoryBytes: 0 }],
  ["callDepth", { callDepth: 0xffff_ffff }],
  ["stackBytes", { stackBytes: 1 << 20 }],
])(
  "a file cannot set the limit of %s beyond what the engine was tried with",
  async (limit, change) => {
    const vm = { ...vmParameters(), ...change };
    const input = { command: { name: "issue", data: {}, signers: [] } };
    const bundle = loadBundleFile(issued.dossier.bundles[0] as BundleFile);
    expect(() => contracts.run(bundle, input as never, vm)).toThrow(
      expect.objectContaining({
        code: "unsupported-limit",
        message: expect.stringContaining(limit),
      }),
    );
  },
);

describe("receipts", () => {
  test("a quorum shows that the transaction was notarised", async () => {
    const dossier = withReceipt(receiptBy(members.slice(0, 3)));
    const { notarised } = await verifyDossier(dossier, { contracts, trust: trusted() });
    expect([...notarised]).toEqual([issued.id]);
  });

  test.each([
    ["receipt/quorum-missing", () => receiptBy(members.slice(0, 2))],
    ["receipt/quorum-missing", () => receiptBy([0, 0, 0].map(() => members[0] as SecretKey))],
    ["receipt/not-in-block", () => receiptBy(members, { blockRoot: taggedHash("empty") })],
    ["receipt/untrusted-members", () => receiptBy(members, { memberEpoch: 1 })],
  ])("refused with %s", async (code, receipt) => {
    const check = verifyDossier(withReceipt(receipt()), { contracts, trust: trusted() });
    await expect(check).rejects.toMatchObject({ code });
  });
});

test.each<[string, (dossier: Dossier) => Dossier]>([
  ["tx/attachment-missing", (dossier) => ({ ...dossier, bundles: [] })],
  ["tx/party-unregistered", (dossier) => ({ ...dossier, registrations: [] })],
  [
    "tx/wrong-parameters",
    (dossier) => ({
      ...dossier,
      parameters: dossier.parameters.map((each) => ({ ...each, epoch: 1 })),
    }),
  ],
  [
    "tx/attachment-mismatch",
    (dossier) => ({
      ...dossier,
      bundles: dossier.bundles.map((each) => ({ ...each, signatures: [] })),
    }),
  ],
  ["tx/signer-missing", withoutSignatures],
])("a dossier that lacks something is refused with %s", async (code, change) => {
  await expect(verifyDossier(change(issued.dossier), { contracts })).rejects.toMatchObject({
    code,
  });
});

function withoutSignatures(dossier: Dossier): Dossier {
  const { transaction } = decodeSignedTransaction(dossier.transaction);
  return { ...dossier, transaction: encodeSignedTransaction({ transaction, signatures: [] }) };
}
