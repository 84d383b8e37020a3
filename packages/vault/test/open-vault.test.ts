import assert from "node:assert/strict";
import type { StateTable } from "@stateset/flow";
import { complianceTables, RECORDED_AT, storeFixture } from "@stateset/testing";
import { type OpenVault, openVault, type VaultSetupFault } from "@stateset/vault";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, test } from "vitest";
import { empty, query, startTestServer, type TestServer } from "./postgres-subject.ts";

const { coinOf, flowOf, recordStates, refOf, uuidOf } = storeFixture;

let server: TestServer;
let database: string;

beforeAll(async () => {
  server = await startTestServer();
  database = await server.server.createDatabase("opening");
});
beforeEach(() => empty(database));
afterAll(() => server.end());

const [cash] = complianceTables as [StateTable, StateTable];

function open(
  tables: readonly StateTable[],
  ownerWaitMs?: number,
  onSuperseded: () => void = () => {},
): Promise<OpenVault> {
  const clock = () => RECORDED_AT;
  const wait = ownerWaitMs === undefined ? {} : { ownerWaitMs };
  return openVault({ connectionString: database, tables, clock, onSuperseded, ...wait });
}

test("a database newer than the code is refused", async () => {
  await (await open([cash])).store.close();
  await query(database, "insert into flow.migrations (version, name) values (999, 'later')");
  const fault: VaultSetupFault = {
    code: "vault/newer-database",
    what: "schema",
    found: 999,
    known: 2,
  };
  await assert.rejects(open([cash]), { fault });
});

test("a table is made later, and gets columns later, with the values of earlier states", async () => {
  const first = await open([]);
  await first.store.commit(recordStates(coinOf(1, 5n), coinOf(2, 6n, { isOurs: false })));
  await first.store.close();

  const small = { ...cash, columns: cash.columns.slice(1, 2) };
  const { fungible: _, indexes: __, ...plain } = small;
  const second = await open([plain]);
  const sum = { contract: "cash", type: "cash", where: { minor_units: { _gt: 5 } } };
  assert.deepEqual(
    (await second.vault.query(sum)).items.map(({ ref }) => ref),
    [refOf(2)],
  );
  await second.store.commit(recordStates(coinOf(3, 7n)));
  await second.store.close();

  const [units, ...others] = [cash.columns[1], cash.columns[0], cash.columns[2]];
  assert.ok(units !== undefined);
  const columns = [units, ...others.filter((each) => each !== undefined)];
  const third = await open([{ ...cash, columns, version: 2 }]);
  const francs = { ...sum, where: { currency: { _eq: "CHF" } } };
  assert.equal((await third.vault.query(francs)).items.length, 3);
  const claim = { ...sum, flowId: uuidOf(1), quantity: 12n, where: {}, statesMax: 5 };
  assert.deepEqual((await third.vault.claim(claim)).length, 2);
  await third.store.close();

  const older: VaultSetupFault = {
    code: "vault/newer-database",
    what: "cash/cash",
    found: 2,
    known: 1,
  };
  await assert.rejects(open([plain]), { fault: older });
});

test.each<[string, Partial<StateTable>, RegExp]>([
  [
    "a column changed",
    { version: 2, columns: cash.columns.map((each) => ({ ...each, path: "x" })) },
    /currency was changed/,
  ],
  ["a column taken away", { version: 2, columns: cash.columns.slice(0, 2) }, /issuer_id/],
  [
    "no new version",
    { columns: [...cash.columns, { name: "x", type: "text", path: "x" }] },
    /without a new version/,
  ],
  ["a bad name", { columns: [{ name: "Bad", type: "text", path: "x" }] }, /Bad/],
  ["a name of ours", { columns: [{ name: "ref_index", type: "text", path: "x" }] }, /ref_index/],
  ["a name twice", { columns: [...cash.columns, ...cash.columns] }, /one name/],
  ["an index of nothing", { indexes: [["colour"]] }, /colour/],
  ["a quantity of text", { fungible: { quantity: "currency", kind: [] } }, /no integer/],
])("a table is refused: %s", async (_, change, reason) => {
  await (await open([cash])).store.close();
  await assert.rejects(open([{ ...cash, ...change }]), (error: { fault: VaultSetupFault }) => {
    assert.equal(error.fault.code, "vault/bad-table");
    assert.match("reason" in error.fault ? error.fault.reason : "", reason);
    return true;
  });
});

test("one process at a time has a database, and one that lost it does not write again", async () => {
  let superseded = 0;
  const first = await open([cash], 100, () => superseded++);
  await first.store.begin();
  const inUse: VaultSetupFault = { code: "vault/in-use", waitedMs: 100 };
  await assert.rejects(open([cash], 100), { fault: inUse });
  await endWriter();
  const second = await open([cash]);
  await second.store.begin();
  const commit = () => first.store.commit([{ kind: "flow", record: flowOf(1) }]);
  const over = { name: "StoreError", fault: { code: "store/superseded" } };
  // The commit that finds the connection lost does not know why; those after it do.
  await assert.rejects(async () => {
    for (;;) await commit().catch(rethrowUnlessUnavailable);
  }, over);
  await second.store.close();
  await assert.rejects(commit(), over);
  assert.equal(superseded, 1);
  await first.store.close();
});

test("an owner that was killed at a statement is waited for", async () => {
  await (await open([cash])).store.close();
  const [owner, blocker] = [await connect(), await connect()];
  await blocker.query("select pg_advisory_lock(7)");
  await owner.query("select pg_advisory_lock(1400140916, 1)");
  const statement = owner.query("select pg_advisory_lock(7)").catch(() => {});
  // As long at it as whoever opens waits for an idle owner.
  const begun = `select count(*)::int4 as n from pg_stat_activity where pid <> pg_backend_pid()
    and query = 'select pg_advisory_lock(7)' and clock_timestamp() > query_start + interval '0.3 s'`;
  while ((await blocker.query(begun)).rows[0].n === 0);
  owner.connection.stream.destroy();
  await statement;
  const opening = open([cash], 300);
  const waited = `select count(*)::int4 as n from pg_stat_activity
    where query like '%pg_try_advisory_lock%' and clock_timestamp() > backend_start + interval '0.7 s'
      and pid <> pg_backend_pid() and state is not null`;
  while ((await blocker.query(waited)).rows[0].n === 0);
  await blocker.end();
  await (await opening).store.close();
});

test("a run that was copied from another database begins a new incarnation", async () => {
  const first = await open([cash]);
  const seen = await first.store.begin();
  await first.store.close();
  // As restoring a dump does: the same values, written anew.
  const restored = "delete from flow.node returning incarnation, run";
  await query(database, `with old as (${restored}) select * into restored from old`);
  await query(
    database,
    "insert into flow.node (incarnation, run) select * from restored",
    "drop table restored",
  );
  const second = await open([cash]);
  const begun = await second.store.begin(seen);
  assert.notEqual(begun.incarnation, seen.incarnation);
  assert.equal(begun.run, 1);
  await second.store.close();
});

test("a database that refuses to write is told, and written to again when it does not", async () => {
  const { store } = await open([cash]);
  const writer = "pg_stat_activity where application_name = 'stateset writer'";
  await query(
    database,
    "alter database opening set default_transaction_read_only = on",
    `select pg_terminate_backend(pid) from ${writer}`,
  );
  const commit = () => store.commit([{ kind: "flow", record: flowOf(1) }]);
  await assert.rejects(async () => {
    for (;;) await commit();
  }, /store\/unavailable/);
  await query(
    database,
    "set default_transaction_read_only = off",
    "alter database opening reset default_transaction_read_only",
    `select pg_terminate_backend(pid) from ${writer}`,
  );
  await expectEventually(commit);
  assert.ok(await store.flow(uuidOf(1)));
  await store.close();
});

test("one bad commit of many fails alone", async () => {
  const { store, stats } = await open([cash]);
  const bad = flowOf(2, { initiator: "not hexadecimal" as never });
  const settled = await Promise.allSettled([
    store.commit([{ kind: "flow", record: flowOf(1) }]),
    store.commit([{ kind: "flow", record: bad }]),
    store.commit([{ kind: "flow", record: flowOf(3) }]),
  ]);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  const { commits, writes } = stats();
  assert.deepEqual({ commits, writes }, { commits: 2, writes: 2 });
  await store.close();
});

function endWriter(): Promise<unknown> {
  const writer = "pg_stat_activity where application_name = 'stateset writer'";
  return query(database, `select pg_terminate_backend(pid) from ${writer}`);
}

function rethrowUnlessUnavailable(error: unknown): void {
  if ((error as { code?: string }).code !== "store/unavailable") throw error;
}

async function connect(): Promise<Client> {
  const client = new pg.Client({ connectionString: database });
  client.on("error", () => {});
  await client.connect();
  return client as Client;
}

/** Its socket, to be closed as that of a process that is killed. */
type Client = pg.Client & { connection: { stream: { destroy(): void } } };

async function expectEventually(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      assert.equal((error as { code?: string }).code, "store/unavailable");
    }
  }
}
