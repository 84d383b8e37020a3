import assert from "node:assert/strict";
import type { Write } from "@stateset/flow";
import { type StoreSubject, storeFixture } from "@stateset/testing";
import { afterEach, beforeEach, test } from "vitest";
import { openSubject, startTestServer, type TestServer } from "./postgres-subject.ts";

const { chunkOf, coinOf, consume, flowOf, refOf, transactionIdOf, transactionOf, uuidOf } =
  storeFixture;

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.end());

const WORKERS = 16;
const KILLS = 3;
const COMMITS_BETWEEN_KILLS = 200;

test("a server killed in mid-commit loses nothing that was acknowledged", async () => {
  const subject = await openSubject(await server.server.createDatabase("crash"));
  const acknowledged: number[] = [];
  let lost = 0;
  let next = 1;
  const total = COMMITS_BETWEEN_KILLS * (KILLS + 1);
  const kills = new Set(Array.from({ length: KILLS }, (_, i) => (i + 1) * COMMITS_BETWEEN_KILLS));
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      while (next <= total) {
        const number = next++;
        if (kills.has(number)) killServer();
        lost += await commitPatiently(subject, writesOf(number));
        acknowledged.push(number);
      }
    }),
  );
  assert.ok(lost > 0, "no commit was under way when the server was killed");
  assert.equal(acknowledged.length, total);
  await assertAllThere(subject, total);
  const reopened = await subject.crash();
  await assertAllThere(reopened, total);
  await reopened.store.close();
});

test("coins are neither lost nor found when the server is killed", async () => {
  const subject = await openSubject(await server.server.createDatabase("coins"));
  const { store, vault } = subject;
  const count = 40;
  await store.commit(
    Array.from({ length: count }, (_, i): Write => ({ kind: "state", state: coinOf(i + 1, 10n) })),
  );
  const spent = new Set<string>();
  const spend = async (flow: number) => {
    const claim = { contract: "cash", type: "cash", where: { currency: "CHF" }, statesMax: 1 };
    const [ref] = await patiently(() =>
      vault.claim({ ...claim, flowId: uuidOf(flow), quantity: 10n }),
    );
    if (ref === undefined) throw new Error("claimed nothing");
    assert.ok(!spent.has(ref.txId), "claimed twice");
    spent.add(ref.txId);
    if (flow % 10 === 0) killServer();
    const by = transactionIdOf(1000 + flow);
    await patiently(() => store.commit([{ kind: "consume", ref, by, at: 1 }]));
    await vault.release(uuidOf(flow));
  };
  for (let flow = 1; flow <= count; flow += 4) {
    await Promise.all([0, 1, 2, 3].map((more) => spend(flow + more)));
  }
  const left = await patiently(() => vault.query({ contract: "cash", type: "cash" }));
  assert.deepEqual(left.items, []);
  await store.close();
});

/** It may be dead of the last time, and not up again yet. */
function killServer(): void {
  try {
    process.kill(server.server.pid, "SIGKILL");
  } catch (error) {
    assert.equal((error as { code?: string }).code, "ESRCH");
  }
}

function writesOf(number: number): Write[] {
  return [
    { kind: "flow", record: flowOf(number, { clientId: `order-${number}` }) },
    { kind: "journal", chunk: { ...chunkOf(1, 0), flowId: uuidOf(number) } },
    { kind: "transaction", transaction: transactionOf(number) },
    { kind: "state", state: coinOf(number, 1n) },
    ...(number % 2 === 0 ? [consume(number, number + 1)] : []),
  ];
}

async function assertAllThere({ store, vault }: StoreSubject, total: number): Promise<void> {
  const numbers = Array.from({ length: total }, (_, i) => i + 1);
  const flows = await store.unfinished();
  assert.equal(flows.length, total);
  assert.ok(flows.every(({ journal }) => journal.length === 1));
  assert.equal((await store.transactions(numbers.map(transactionIdOf))).length, total);
  for (const [status, rest] of [
    ["consumed", 0],
    ["unconsumed", 1],
  ] as const) {
    const refs = numbers.filter((number) => number % 2 === rest).map((number) => refOf(number));
    const { items } = await vault.query({
      contract: "cash",
      type: "cash",
      status,
      refs,
      limit: 500,
    });
    assert.equal(items.length, total / 2);
  }
}

/** @returns how often the database was away */
async function commitPatiently(subject: StoreSubject, writes: Write[]): Promise<number> {
  let failures = -1;
  await patiently(() => {
    failures++;
    return subject.store.commit(writes);
  });
  return failures;
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      assert.equal((error as { code?: string }).code, "store/unavailable", String(error));
    }
  }
}
