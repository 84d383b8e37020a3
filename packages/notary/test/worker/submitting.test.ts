import type { NotaryAnswer } from "@stateset/flow";
import { transactionId, verifyReceipt } from "@stateset/ledger";
import { NotaryFixture } from "@stateset/testing";
import { expect, test } from "vitest";
import type { BatchLimits } from "../../src/worker/submission-queue.ts";
import { ModelCluster } from "./model-cluster.ts";
import type { SubmitFault } from "./model-member.ts";
import { turn } from "./test-clock.ts";

/** A cluster of four of which the first worker alone is asked. */
async function start(seed: string, limits?: BatchLimits) {
  const started: { cluster?: ModelCluster } = {};
  const fixture = await NotaryFixture.start(async (map) => {
    const cluster = await ModelCluster.start(map, 4, limits);
    started.cluster = cluster;
    return { ...cluster.subject(), notary: cluster.at(0).worker };
  }, seed);
  const cluster = started.cluster as ModelCluster;
  const receiptOf = (answer: NotaryAnswer, id: Parameters<typeof verifyReceipt>[1]) => {
    if (answer.kind === "refused") throw new Error(JSON.stringify(answer.fault));
    const trust = { network: fixture.network, memberSets: [cluster.genesis] };
    return verifyReceipt(answer.receipt, id, trust);
  };
  return { fixture, cluster, receiptOf, ...cluster.at(0) };
}

test.each<[string, SubmitFault[], number]>([
  ["is lost on its way", ["lost"], 1],
  ["is decided unheard", ["unheard"], 1],
  ["is lost and then decided unheard", ["lost", "unheard"], 1],
  ["comes into two blocks", ["twice"], 1],
  ["finds no room at first", ["full", "full"], 1],
])("a batch that %s has its receipt, and is notarised once", async (_, faults, times) => {
  const { fixture, cluster, member, receiptOf } = await start("faults");
  const move = fixture.move(await fixture.coin());
  const id = transactionId(move.transaction);
  member.faults.push(...faults);
  receiptOf(await cluster.clock.until(fixture.notarise(move)), id);
  expect(member.faults).toEqual([]);
  expect(cluster.chain.sealed.flatMap(({ ids }) => ids).filter((each) => each === id)).toHaveLength(
    times,
  );
});

test("where nothing is heard again and again it stays open, and asking again closes it", async () => {
  const { fixture, cluster, member, receiptOf } = await start("open");
  const move = fixture.move(await fixture.coin());
  member.faults.push("lost", "lost", "lost");
  const open = cluster.clock.until(fixture.notarise(move));
  await expect(open).rejects.toMatchObject({ code: "notary/unavailable" });
  expect(member.faults).toEqual([]);
  receiptOf(await fixture.notarise(move), transactionId(move.transaction));
});

test("while the member is down there is no answer, and then there is", async () => {
  const { fixture, cluster, member, receiptOf } = await start("down");
  const move = fixture.move(await fixture.coin());
  member.isDown = true;
  const asked = cluster.clock.until(fixture.notarise(move));
  await expect(asked).rejects.toMatchObject({ code: "notary/unavailable" });
  const { notary } = fixture.subject;
  const id = transactionId(move.transaction);
  await expect(notary.receipt(id)).rejects.toMatchObject({ code: "notary/unavailable" });
  await expect(notary.absence(id, 1)).rejects.toMatchObject({ code: "notary/unavailable" });
  member.isDown = false;
  receiptOf(await fixture.notarise(move), id);
});

test("a mempool that stays full is told of with the time to wait", async () => {
  const { fixture, cluster, member } = await start("full");
  const move = fixture.move(await fixture.coin());
  member.faults.push("full", "full", "full");
  expect(await cluster.clock.until(fixture.notarise(move))).toEqual({
    kind: "refused",
    fault: { kind: "notary/overloaded", retryAfterMs: expect.any(Number) },
  });
});

test("one that a member does not take does not spoil the others of its batch", async () => {
  const { fixture, cluster, member, receiptOf } = await start("alone");
  const [first, ...coins] = await fixture.issue(
    Array.from({ length: 4 }, () => fixture.alice.holder({ oneTimeKey: true })),
  );
  const moves = [first as (typeof coins)[number], ...coins].map((coin) => fixture.move(coin));
  // The first goes alone; the others meet in the next batch, which is refused as a whole.
  member.batches.length = 0;
  const [, ...answers] = moves.map((move, i) => {
    if (i === 1) member.faults.push("twice", "refused");
    return fixture.notarise(move);
  });
  for (const [i, answer] of answers.entries())
    receiptOf(
      await cluster.clock.until(answer),
      transactionId((moves[i + 1] as (typeof moves)[number]).transaction),
    );
  expect(member.batches).toEqual([1, 3, 1, 1, 1]);
});

test("what arrives while a batch is on its way is the next one, within limits", async () => {
  const { fixture, member } = await start("batches", { requestsMax: 16, bytesMax: 1 << 20 });
  const holders = Array.from({ length: 40 }, () => fixture.alice.holder({ oneTimeKey: true }));
  const coins = await fixture.issue(holders);
  member.batches.length = 0;
  const answers = await Promise.all(coins.map((coin) => fixture.notarise(fixture.move(coin))));
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(["notarised"]));
  expect(member.batches).toEqual([1, 16, 16, 7]);
});

test("a request over the limit of bytes goes alone", async () => {
  const { fixture, member } = await start("large", { requestsMax: 16, bytesMax: 1 });
  const coins = await fixture.issue(
    Array.from({ length: 3 }, () => fixture.alice.holder({ oneTimeKey: true })),
  );
  member.batches.length = 0;
  await Promise.all(coins.map((coin) => fixture.notarise(fixture.move(coin))));
  expect(member.batches).toEqual([1, 1, 1]);
});

test("a creating transaction that the index did not know yet is shown once it does", async () => {
  const { fixture, cluster, member, receiptOf } = await start("index behind");
  const coin = await fixture.coin();
  member.indexLag = 1;
  member.batches.length = 0;
  const move = fixture.move(coin);
  const asked = fixture.notarise(move);
  receiptOf(await asked, transactionId(move.transaction));
  expect(member.batches).toEqual([1, 1]);
  expect(cluster.chain.sealed).toHaveLength(2);
});

test("a refusal waits for an index that is far behind, and not for ever", async () => {
  const { fixture, cluster, member } = await start("index far behind");
  const coin = await fixture.coin();
  member.indexLag = 50;
  member.batches.length = 0;
  const asked = cluster.clock.until(fixture.notarise(fixture.move(coin)));
  await expect(asked).rejects.toMatchObject({ code: "notary/unavailable" });
  expect(member.batches).toEqual([1]);
});

test("a refusal waits for an index that catches up", async () => {
  const { fixture, cluster, member, receiptOf } = await start("index catches up");
  const move = fixture.move(await fixture.coin());
  member.indexLag = 50;
  const asked = fixture.notarise(move);
  await turn();
  member.indexLag = 0;
  receiptOf(await cluster.clock.until(asked), transactionId(move.transaction));
});

test("a state of a transaction that was never notarised is refused", async () => {
  const { fixture } = await start("unproven");
  const holder = fixture.alice.holder({ oneTimeKey: true });
  const created = fixture.build({ headers: [fixture.header(holder)] });
  const ref = { txId: transactionId(created), index: 0 };
  expect(await fixture.notarise(fixture.move({ ref, holder }))).toMatchObject({
    kind: "refused",
    fault: { kind: "notary/header-unproven" },
  });
});

test("more than it can hold is refused at once, with the wait that its rate makes", async () => {
  const { fixture, cluster, member } = await start("overload");
  const request = fixture.request(fixture.move(await fixture.coin()));
  const { notary } = fixture.subject;
  cluster.chain.isHalted = true;
  const asked = Array.from({ length: 4096 }, () => notary.notarise(request));
  expect(await notary.notarise(request)).toEqual({
    kind: "refused",
    fault: { kind: "notary/overloaded", retryAfterMs: expect.any(Number) },
  });
  await turn();
  expect(member.batches.length).toBeLessThan(10);
  cluster.chain.isHalted = false;
  cluster.chain.makeBlock();
  const kinds = new Set((await Promise.all(asked)).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(["notarised"]));
});

test("a closed worker takes no more", async () => {
  const { fixture, worker } = await start("closed");
  const move = fixture.move(await fixture.coin());
  worker.close();
  await expect(fixture.notarise(move)).rejects.toMatchObject({ code: "notary/unavailable" });
});
