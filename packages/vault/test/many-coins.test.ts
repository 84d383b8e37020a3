import assert from "node:assert/strict";
import type { CoinClaim, Write } from "@stateset/flow";
import { type StoreSubject, storeFixture } from "@stateset/testing";
import { afterAll, beforeAll, test } from "vitest";
import { openSubject, startTestServer, type TestServer } from "./postgres-subject.ts";

const { coinOf, consume, uuidOf } = storeFixture;

/** More than are read at a time, of 1 to as many units, so that a coin's number is its worth. */
const COINS = 10_000;
const TOTAL = (BigInt(COINS) * BigInt(COINS + 1)) / 2n;

let server: TestServer;
let subject: StoreSubject;

beforeAll(async () => {
  server = await startTestServer();
  subject = await openSubject(await server.server.createDatabase("coins"));
  const writes = Array.from({ length: COINS }, (_, i): Write => {
    return { kind: "state", state: coinOf(i + 1, BigInt(i + 1)) };
  });
  for (let from = 0; from < COINS; from += 1000) {
    await subject.store.commit(writes.slice(from, from + 1000));
  }
});
afterAll(async () => {
  await subject.store.close();
  await server.end();
});

function claim(flow: number, quantity: bigint, statesMax: number): CoinClaim {
  const where = { currency: "CHF" };
  return { contract: "cash", type: "cash", flowId: uuidOf(flow), quantity, where, statesMax };
}

async function worth(flow: number, quantity: bigint, statesMax: number): Promise<number[]> {
  const refs = await subject.vault.claim(claim(flow, quantity, statesMax));
  return refs.map(({ txId }) => Number(`0x${txId}`)).sort((a, b) => a - b);
}

test("the largest coins are read first, and more when those do not suffice", async () => {
  assert.deepEqual(await worth(1, BigInt(COINS), 1), [COINS]);
  await assert.rejects(subject.vault.claim(claim(2, BigInt(COINS), 1)), {
    fault: {
      code: "vault/too-fragmented",
      requested: BigInt(COINS),
      statesMax: 1,
      largest: BigInt(COINS - 1),
    },
  });
  await assert.rejects(subject.vault.claim(claim(2, TOTAL, COINS)), {
    fault: {
      code: "vault/insufficient",
      requested: TOTAL,
      available: TOTAL - BigInt(COINS),
      setAside: BigInt(COINS),
    },
  });
  assert.deepEqual(await worth(2, 1n, 1), [1]);
  await subject.vault.release(uuidOf(1));
  await subject.vault.release(uuidOf(2));
});

test("all of them can be claimed, each once, whatever is consumed and made meanwhile", async () => {
  const reopened = await subject.crash();
  subject = reopened;
  const [first] = await worth(1, BigInt(COINS), 1);
  assert.equal(first, COINS);
  // Below and above what is in memory by now.
  await subject.store.commit([
    { kind: "state", state: coinOf(COINS + 1, 2n) },
    { kind: "state", state: coinOf(COINS + 2, BigInt(COINS)) },
    consume(5, 1),
    consume(COINS - 1, 1),
  ]);
  const total = TOTAL + 2n - 5n - BigInt(COINS - 1);
  const rest = await worth(2, total, COINS);
  assert.equal(new Set(rest).size, COINS - 1);
  assert.ok(!rest.includes(5) && !rest.includes(COINS - 1) && rest.includes(COINS + 1));
});
