import assert from "node:assert/strict";
import type { CoinClaim, Write } from "@stateset/flow";
import { type StoreSubject, storeFixture } from "@stateset/testing";
import { afterAll, beforeAll, test } from "vitest";
import { openSubject, startTestServer, type TestServer } from "./postgres-subject.ts";

const { coinOf, uuidOf } = storeFixture;

let server: TestServer;
let subject: StoreSubject;

beforeAll(async () => {
  server = await startTestServer();
  subject = await openSubject(await server.server.createDatabase("claims"));
  const writes = [1, 2].map((number): Write => ({ kind: "state", state: coinOf(number, 10n) }));
  await subject.store.commit(writes);
});
afterAll(async () => {
  await subject.store.close();
  await server.end();
});

function claimOf(flow: number, quantity: bigint): CoinClaim {
  const where = { currency: "CHF" };
  return { contract: "cash", type: "cash", flowId: uuidOf(flow), quantity, where, statesMax: 10 };
}

test("a flow that is given up while it claims leaves nothing set aside", async () => {
  const { vault } = subject;
  // The first claim of all waits for the database.
  const claim = vault.claim(claimOf(1, 20n));
  await vault.release(uuidOf(1));
  await assert.rejects(claim, /given up/);
  assert.equal((await vault.claim(claimOf(2, 20n))).length, 2);
  await vault.release(uuidOf(2));
});

test("a flow that begins again has the coins of its journal, and no others", async () => {
  const { vault } = subject;
  const [first] = await vault.claim(claimOf(3, 10n));
  assert.ok(first);
  await vault.claim(claimOf(3, 10n));
  await vault.reclaim(uuidOf(3), [first]);
  const [other] = await vault.claim(claimOf(4, 10n));
  assert.notDeepEqual(other, first);
  await vault.reclaim(uuidOf(3), []);
  assert.deepEqual(await vault.claim(claimOf(5, 10n)), [first]);
});
