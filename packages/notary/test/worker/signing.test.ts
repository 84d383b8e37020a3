import { encode, type Signature, sign } from "@stateset/codec";
import { RemoteFailure, verifyAbsence } from "@stateset/flow";
import {
  type BlockHeader,
  hashBlock,
  type IdentityId,
  type Receipt,
  receiptSchema,
  type SignedTransaction,
  transactionId,
  verifyReceipt,
} from "@stateset/ledger";
import { NotaryFixture, seededRandom } from "@stateset/testing";
import { expect, test } from "vitest";
import { blockPayload } from "../../src/seal-block.ts";
import type { ChainBlock } from "../../src/worker/chain.ts";
import {
  BLOCK_SIGNATURE,
  encodeBlockAsked,
  encodeSignatureTold,
} from "../../src/worker/worker-messages.ts";
import { ModelCluster, type ModelWorker, memberSetOf } from "./model-cluster.ts";
import { turn } from "./test-clock.ts";

/** A cluster of seven of which one worker alone is asked; five are a quorum. */
async function start(seed: string, asked = 0) {
  const started: { cluster?: ModelCluster } = {};
  const fixture = await NotaryFixture.start(async (map) => {
    const cluster = await ModelCluster.start(map, 7);
    started.cluster = cluster;
    return { ...cluster.subject(), notary: cluster.at(asked).worker };
  }, seed);
  const cluster = started.cluster as ModelCluster;
  const trust = { network: fixture.network, memberSets: [cluster.genesis] };
  const notarised = async (move: SignedTransaction): Promise<Receipt> => {
    const answer = await cluster.clock.until(fixture.notarise(move));
    if (answer.kind === "refused") throw new Error(JSON.stringify(answer.fault));
    verifyReceipt(answer.receipt, transactionId(move.transaction), trust);
    return answer.receipt;
  };
  return { fixture, cluster, trust, notarised };
}

const silence = () => new Promise<never>(() => undefined);
const refusal = async () => {
  throw new RemoteFailure("notary/unavailable", "not now");
};
const garbage = async () => new Uint8Array([1, 2, 3]);

/** Signs another root than the chain sealed. */
function lyingAs({ key, member }: ModelWorker, fixture: NotaryFixture) {
  return async (): Promise<Uint8Array> => {
    const { height } = await member.tip();
    const block = (await member.block(height)) as ChainBlock;
    const header: BlockHeader = { ...block.header, blockRoot: "00".repeat(32) as never };
    return encodeSignatureTold(sign(key, blockPayload(fixture.network, header)));
  };
}

/** Gives the signature of somebody else as its own. */
function copying({ key }: ModelWorker, fixture: NotaryFixture, { member }: ModelWorker) {
  return async (): Promise<Uint8Array> => {
    const { height } = await member.tip();
    const { header } = (await member.block(height)) as ChainBlock;
    return encodeSignatureTold(sign(key, blockPayload(fixture.network, header)));
  };
}

test("whichever two are silent, refuse or lie, five of seven make the receipt", async () => {
  const { fixture, cluster, notarised } = await start("five");
  const misdeeds = [silence, refusal, garbage, "lie", "copy"] as const;
  for (const [round, misdeed] of misdeeds.entries())
    for (const first of [1, 3, 5]) {
      const bad = [first, first + 1].map((i) => cluster.at(i));
      for (const each of bad) {
        const lie = lyingAs(each, fixture);
        const copy = copying(cluster.at(0), fixture, each);
        await cluster.serve(each, misdeed === "lie" ? lie : misdeed === "copy" ? copy : misdeed);
      }
      const receipt = await notarised(fixture.move(await cluster.clock.until(fixture.coin())));
      const signed = receipt.signatures.map((each) => (each.kind === "composite" ? "" : each.key));
      const { members, quorum } = cluster.genesis;
      expect(signed, `round ${round}`).toHaveLength(quorum);
      expect(signed).toEqual(members.map(({ key }) => key).filter((key) => signed.includes(key)));
      for (const each of bad) expect(signed).not.toContain(each.identity);
      for (const each of bad) await cluster.serve(each);
    }
});

test("with two members down there are receipts, with three none, and then again", async () => {
  const { fixture, cluster, notarised } = await start("three");
  const [coin, other] = await fixture.issue(
    [1, 2].map(() => fixture.alice.holder({ oneTimeKey: true })),
  );
  for (const i of [2, 5]) cluster.at(i).member.isDown = true;
  await notarised(fixture.move(coin as never));
  cluster.at(6).member.isDown = true;
  const move = fixture.move(other as never);
  const id = transactionId(move.transaction);
  const failing = cluster.clock.until(fixture.notarise(move));
  await expect(failing).rejects.toMatchObject({ code: "notary/unavailable" });
  const asked = cluster.clock.until(cluster.at(1).worker.receipt(id));
  await expect(asked).rejects.toMatchObject({ code: "notary/unavailable" });
  cluster.at(5).member.isDown = false;
  await notarised(move);
});

test("workers that are away from the network are done without", async () => {
  const { fixture, cluster, notarised } = await start("away");
  for (const i of [1, 4]) cluster.network.leave(cluster.at(i).identity);
  await notarised(fixture.move(await cluster.clock.until(fixture.coin())));
});

test("a worker waits a little for its member, and then says that it is behind", async () => {
  const { fixture, cluster, notarised } = await start("behind");
  const behind = cluster.at(1);
  behind.member.stuckAt = cluster.chain.times.length;
  const { block } = await notarised(fixture.move(await cluster.clock.until(fixture.coin())));
  const waiting = behind.worker.signBlock(block.height);
  await turn();
  behind.member.stuckAt = undefined;
  behind.member.tell();
  const signature = await waiting;
  expect(signature).toEqual(sign(behind.key, blockPayload(fixture.network, block)));
  const beyond = cluster.clock.until(behind.worker.signBlock(block.height + 1));
  await expect(beyond).rejects.toMatchObject({ code: "notary/unavailable" });
});

test("what its own member forges a worker neither signs nor puts into receipts", async () => {
  const { fixture, cluster } = await start("forged");
  const move = fixture.move(await fixture.coin());
  const { member, worker, record } = cluster.at(0);
  const written = record.written.length;
  member.forge = (block) => ({ ...block, ids: [...block.ids, "00".repeat(32) as never] });
  const asked = cluster.clock.until(fixture.notarise(move));
  await expect(asked).rejects.toMatchObject({ code: "notary/unavailable" });
  await expect(worker.signBlock(2)).rejects.toMatchObject({ code: "notary/unavailable" });
  member.forge = (block) => ({
    ...block,
    header: { ...block.header, cluster: "00".repeat(32) as never },
  });
  await expect(worker.signBlock(2)).rejects.toMatchObject({ code: "notary/unavailable" });
  member.forge = (block) => ({ ...block, header: { ...block.header, blockTime: 1 } });
  // A header that hangs together but is nobody else's has one signature, its own.
  const forged = cluster.clock.until(worker.receipt(transactionId(move.transaction)));
  await expect(forged).rejects.toMatchObject({ code: "notary/unavailable" });
  expect(record.written.length).toBeLessThanOrEqual(written + 1);
});

test("a block is noted before its signature is shown, and each height once", async () => {
  const { fixture, cluster, notarised } = await start("noted");
  for (let i = 0; i < 3; i++) await notarised(fixture.move(await fixture.coin()));
  const { worker, record } = cluster.at(1);
  const { sealed } = cluster.chain;
  for (const height of [1, 6, 2, 6, 5, 4, 3]) await worker.signBlock(height);
  const heights = record.written.map(({ height }) => height);
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  expect(new Set(heights).size).toBe(heights.length);
  expect(record.written.at(-1)).toEqual({
    height: 6,
    hash: hashBlock((sealed[5] as ChainBlock).header),
  });
  record.write = async () => {
    throw new Error("no room");
  };
  const before = await notarised(fixture.move(await fixture.coin()));
  const unsigned = worker.signBlock(before.block.height);
  await expect(unsigned).rejects.toMatchObject({ code: "notary/unavailable" });
});

test("after a crash a worker signs the same, and nothing of another chain", async () => {
  const { fixture, cluster, notarised } = await start("crash");
  await notarised(fixture.move(await fixture.coin()));
  const { worker, record } = cluster.at(1);
  const before = await worker.signBlock(2);
  expect(await cluster.restart(1).signBlock(2)).toEqual(before);
  await notarised(fixture.move(await fixture.coin()));
  const { height } = (await record.read()) ?? { height: 0 };
  record.written.push({ height, hash: "00".repeat(32) as never });
  const diverged = cluster.restart(1);
  const facts = { code: "notary/chain-diverged", facts: { height } };
  for (const each of [1, height])
    await expect(diverged.signBlock(each)).rejects.toMatchObject(facts);
});

test("signatures are for members alone, and for no malformed question", async () => {
  const { fixture, cluster, notarised } = await start("strangers");
  await notarised(fixture.move(await fixture.coin()));
  const stranger = cluster.network.join("ee".repeat(32) as IdentityId, {
    incarnation: "1",
    run: 1,
  });
  await stranger.start({
    peerUp: () => undefined,
    peerDown: () => undefined,
    drain: () => undefined,
    frame: () => undefined,
    request: silence,
  });
  const ask = (network: typeof stranger, kind: string, body: Uint8Array) =>
    network.request(cluster.at(1).identity, kind, body, { timeoutMs: 1000 });
  for (const kind of [BLOCK_SIGNATURE, "notary/absence-signature"])
    await expect(ask(stranger, kind, encodeBlockAsked(1))).rejects.toMatchObject({
      code: "notary/not-a-member",
    });
  const { network } = cluster.at(0);
  const malformed = ask(network, BLOCK_SIGNATURE, new Uint8Array([0]));
  await expect(malformed).rejects.toMatchObject({ code: "notary/malformed" });
  const unknown = ask(network, "notary/else", new Uint8Array());
  await expect(unknown).rejects.toMatchObject({ code: "notary/unknown-request" });
  expect(await ask(network, BLOCK_SIGNATURE, encodeBlockAsked(1))).toBeInstanceOf(Uint8Array);
});

test("receipts of different workers are the same bytes where nobody is missing", async () => {
  const { fixture, cluster, notarised } = await start("bytes");
  const move = fixture.move(await fixture.coin());
  const receipt = encode(receiptSchema, await notarised(move));
  for (const { worker } of cluster.workers) {
    const other = await worker.receipt(transactionId(move.transaction));
    expect(encode(receiptSchema, other as Receipt)).toEqual(receipt);
  }
});

test("an absence needs five members that confirm it word for word", async () => {
  const { fixture, cluster, trust } = await start("absence");
  const until = cluster.clock.now() + 60_000;
  const move = fixture.move(await fixture.coin(), { timeWindow: [{ until }] });
  const id = transactionId(move.transaction);
  const { worker } = cluster.at(0);
  await fixture.subject.advance(60_000);
  cluster.at(3).member.stuckAt = cluster.chain.times.length - 1;
  cluster.at(4).member.isDown = true;
  const absence = await cluster.clock.until(worker.absence(id, until));
  if (absence === undefined) throw new Error("there is no absence");
  verifyAbsence(absence, id, until, trust);
  expect(absence.signatures).toHaveLength(5);
  cluster.at(5).member.isDown = true;
  const tooFew = cluster.clock.until(worker.absence(id, until));
  await expect(tooFew).rejects.toMatchObject({ code: "notary/unavailable" });
});

test("no member confirms an absence that its own chain does not have", async () => {
  const { fixture, cluster, notarised } = await start("unconfirmed");
  const move = fixture.move(await fixture.coin());
  const { block } = await notarised(move);
  const until = block.blockTime;
  await fixture.subject.advance(1000);
  const missing = transactionId(fixture.build({}));
  const { signatures: _, ...statement } = (await cluster
    .at(0)
    .worker.absence(missing, until)) as NonNullable<
    Awaited<ReturnType<ModelWorker["worker"]["absence"]>>
  >;
  const question = { statement, until, chainHeight: cluster.chain.times.length };
  const { worker } = cluster.at(1);
  const signature: Signature = await worker.signAbsence(question);
  expect(signature.kind).toBe("ed25519");
  const id = transactionId(move.transaction) as string as typeof statement.id;
  for (const wrong of [
    { ...question, statement: { ...statement, id } },
    { ...question, statement: { ...statement, height: statement.height + 1 } },
    { ...question, statement: { ...statement, height: statement.height - 1 } },
    { ...question, statement: { ...statement, blockTime: statement.blockTime + 1 } },
    { ...question, statement: { ...statement, memberEpoch: 1 } },
    { ...question, statement: { ...statement, cluster: id } },
    { ...question, chainHeight: question.chainHeight - 1 },
    { ...question, until: statement.blockTime + 1 },
  ])
    await expect(worker.signAbsence(wrong)).rejects.toMatchObject({
      code: "notary/absence-unconfirmed",
    });
  const beyond = { ...question, chainHeight: question.chainHeight + 1 };
  const waiting = cluster.clock.until(worker.signAbsence(beyond));
  await expect(waiting).rejects.toMatchObject({ code: "notary/unavailable" });
});

test("workers sign the set that is decided, and the new members sign what follows", async () => {
  const { fixture, cluster, notarised, trust } = await start("handover", 1);
  await notarised(fixture.move(await fixture.coin()));
  const key = { kind: "ed25519", secret: seededRandom("newcomer")(32) } as const;
  const keys = [...cluster.workers.slice(1).map((each) => each.key), key];
  const newcomer = await cluster.join(key);
  const next = memberSetOf(cluster.genesis.cluster, 1, keys);
  cluster.chain.pending = { next: { ...next, quorum: 4 }, signatures: [] };
  await fixture.subject.advance(10_000);
  await turn();
  expect(cluster.chain.pending.signatures).toEqual([]);
  cluster.chain.pending = { next, signatures: [] };
  await fixture.subject.advance(10_000);
  await turn();
  expect(cluster.chain.pending.signatures).toHaveLength(7);
  await fixture.subject.advance(10_000);
  await turn();
  expect(cluster.chain.pending).toBeUndefined();
  trust.memberSets.push(next);
  const receipt = await notarised(fixture.move(await fixture.coin()));
  expect(receipt.block.memberEpoch).toBe(1);
  const { height } = receipt.block;
  const left = cluster.at(0).worker.signBlock(height);
  await expect(left).rejects.toMatchObject({ code: "notary/not-a-member" });
  expect(await newcomer.worker.signBlock(height)).toMatchObject({ kind: "ed25519" });
});
