import assert from "node:assert/strict";
import type { Write } from "@stateset/flow";
import {
  complianceTables,
  MemoryStore,
  RECORDED_AT,
  type StoreSubject,
  storeFixture,
} from "@stateset/testing";
import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { empty, openSubject, startTestServer, type TestServer } from "./postgres-subject.ts";

const { attachmentOf, chunkOf, coinOf, consume, contentKeyOf, flowOf, identityOf } = storeFixture;
const { messageOf, noteOf, plain, transactionIdOf, transactionOf, uuidOf } = storeFixture;

/** Each opens a database afresh, twice. */
const RUNS = 25;

let server: TestServer;
let database: string;

beforeAll(async () => {
  server = await startTestServer();
  database = await server.server.createDatabase("random");
});
afterAll(() => server.end());

/** Few numbers, so that writes meet. */
const number = fc.integer({ min: 1, max: 4 });
const status = fc.constantFrom("RUNNING", "WAITING", "HOSPITAL", "COMPLETED", "KILLED");
const small = fc.integer({ min: 0, max: 2 });

const write: fc.Arbitrary<Write> = fc.oneof(
  fc.tuple(number, status).map(
    ([flow, status]): Write => ({
      kind: "flow",
      record: flowOf(flow, { status, clientId: `order-${flow % 3}` }),
    }),
  ),
  fc
    .tuple(number, small)
    .map(([flow, from]): Write => ({ kind: "journal", chunk: chunkOf(flow, from) })),
  fc
    .tuple(number, status, fc.option(fc.constantFrom("a", "b"), { nil: undefined }))
    .map(([flow, status, progress]): Write => {
      const flowId = uuidOf(flow);
      return { kind: "progress", flowId, status, ...(progress !== undefined && { progress }) };
    }),
  number.map((each): Write => ({ kind: "transaction", transaction: transactionOf(each) })),
  number.map((each): Write => ({ kind: "attachment", attachment: attachmentOf(each) })),
  fc.tuple(number, fc.constantFrom("a", "b"), number).map(([each, keyId, bytes]): Write => {
    const wrapped = new Uint8Array(80).fill(bytes);
    return { kind: "content-key", contentKey: { ...contentKeyOf(each, keyId), wrapped } };
  }),
  fc.tuple(number, fc.bigInt({ min: -1n, max: 9n }), fc.boolean()).map(
    ([each, units, isOurs]): Write => ({
      kind: "state",
      state: coinOf(each, units, { isOurs, issuer: each % 2 }),
    }),
  ),
  number.map(
    (each): Write => ({ kind: "state", state: noteOf(each + 10, { total: BigInt(each) }) }),
  ),
  fc.tuple(number, number).map(([each, by]) => consume(each, by)),
);

/** Within one commit a flow is made, then journaled, then changed; across commits, in any order. */
const ORDER = ["flow", "journal"];
const commit = fc
  .array(write, { maxLength: 5 })
  .map((writes) => writes.toSorted((a, b) => rank(a) - rank(b)));

function rank({ kind }: Write): number {
  const position = ORDER.indexOf(kind);
  return position < 0 ? ORDER.length : position;
}

/** Of each session, numbers are sent in order, and only what was sent is delivered. */
const sessions = fc
  .array(fc.tuple(number, fc.boolean()), { maxLength: 8 })
  .map((steps): Write[] => {
    const sent = new Map<number, number>();
    return steps.map(([session, isSent]): Write => {
      const next = sent.get(session) ?? 0;
      if (isSent || next === 0) {
        sent.set(session, next + 1);
        return { kind: "send", message: messageOf(session, next) };
      }
      return { kind: "delivered", session: uuidOf(session), upTo: next - 1 };
    });
  });

const commits = fc
  .tuple(fc.array(commit, { maxLength: 12 }), sessions)
  .map(([commits, messages]) => commits.map((each, i) => [...each, ...messages.slice(i, i + 1)]));

test("commits made at once leave what the same commits leave one by one", async () => {
  await fc.assert(
    fc.asyncProperty(commits, async (commits) => {
      const memory = new MemoryStore({ tables: complianceTables, clock: () => RECORDED_AT });
      const expected = await outcome({ store: memory, vault: memory }, commits, false);
      for (const isAtOnce of [false, true]) {
        await empty(database);
        const subject = await openSubject(database);
        try {
          assert.deepEqual(await outcome(subject, commits, isAtOnce), expected);
        } finally {
          await subject.store.close();
        }
      }
    }),
    { numRuns: RUNS },
  );
});

type Subject = Pick<StoreSubject, "store" | "vault">;

async function outcome(
  { store, vault }: Subject,
  commits: readonly Write[][],
  isAtOnce: boolean,
): Promise<unknown> {
  const results: boolean[] = [];
  const settle = async (writes: Write[], i: number) => {
    results[i] = await store.commit(writes).then(
      () => true,
      (error) => {
        assert.equal(error.code, "store/client-id-taken");
        return false;
      },
    );
  };
  if (isAtOnce) await Promise.all(commits.map(settle));
  else for (const [i, writes] of commits.entries()) await settle(writes, i);
  const ids = [1, 2, 3, 4].map(transactionIdOf);
  const all = { status: "all", limit: 100 } as const;
  return plain({
    results,
    flows: await store.flows({ limit: 100 }),
    unfinished: await store.unfinished(),
    undelivered: await store.undelivered(),
    transactions: await store.transactions(ids),
    attachments: await store.attachments(ids),
    contentKeys: await Promise.all(ids.map((id) => store.contentKeys(id))),
    coins: await vault.query({ contract: "cash", type: "cash", ...all }),
    ofIssuer: await vault.query({
      contract: "cash",
      type: "cash",
      ...all,
      participants: [identityOf(1)],
      where: { minor_units: { _gt: 3 } },
    }),
    notes: await vault.query({ contract: "paper", type: "note", ...all }),
    claimable: await claimable({ store, vault }),
  });
}

/** What can be claimed of each kind, which says what the pools hold. */
async function claimable({ vault }: Subject): Promise<unknown> {
  const claims = [0, 1].map((issuer) =>
    vault.claim({
      contract: "cash",
      type: "cash",
      flowId: uuidOf(99),
      quantity: 1_000n,
      where: { currency: "CHF", issuer_id: transactionIdOf(issuer) },
      statesMax: 9,
    }),
  );
  const settled = await Promise.allSettled(claims);
  return settled.map((each) => each.status === "rejected" && each.reason.message);
}
