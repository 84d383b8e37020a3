import assert from "node:assert/strict";
import type { StateTable } from "@stateset/flow";
import { complianceTables, RECORDED_AT, storeFixture } from "@stateset/testing";
import { type OpenVault, openVault, type VaultSetupFault } from "@stateset/vault";
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

function open(tables: readonly StateTable[], ownerWaitMs?: number): Promise<OpenVault> {
  const clock = () => RECORDED_AT;
  const wait = ownerWaitMs === undefined ? {} : { ownerWaitMs };
  return openVault({ connectionString: database, tables, clock, ...wait });
}

test("a database newer than the code is refused", async () => {
  await (await open([cash])).store.close();
  await query(database, "insert into flow.migrations (version, name) values (999, 'later')");
  const fault: VaultSetupFault = {
    code: "vault/newer-database",
    what: "schema",
    found: 999,
    known: 1,
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
  const first = await open([cash], 100);
  await first.store.begin();
  const inUse: VaultSetupFault = { code: "vault/in-use", waitedMs: 100 };
  await assert.rejects(open([cash], 100), { fault: inUse });
  await query(
    database,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stateset writer'",
  );
  const second = await open([cash]);
  await second.store.begin();
  await assert.rejects(first.store.commit([{ kind: "flow", record: flowOf(1) }]), {
    code: "store/unavailable",
  });
  await second.store.close();
  await assert.rejects(
    first.store.commit([{ kind: "flow", record: flowOf(1) }]),
    /another process has run on this database since/,
  );
  await first.store.close();
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

async function expectEventually(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      assert.equal((error as { code?: string }).code, "store/unavailable");
    }
  }
}
