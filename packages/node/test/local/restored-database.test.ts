import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LocalNetwork } from "../../src/local/local-network.ts";
import { NetworkFolder } from "../../src/local/network-folder.ts";

const dir = mkdtempSync(join(tmpdir(), "stateset-restored-"));
const folder = new NetworkFolder(dir);
const deaths: string[] = [];
let network: LocalNetwork;

beforeAll(async () => {
  network = await LocalNetwork.start({
    folder: dir,
    parties: ["alice", "bob"],
    log: () => {},
    onDeath: (name, { code, signal }) => deaths.push(`${name} ${signal ?? code}`),
  });
});
afterAll(() => network.remove());

const alice = () => partyOf("alice");
const log = () => readFileSync(folder.node("alice").log, "utf8");

function partyOf(name: string) {
  const found = network.running.parties.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no party ${name}`);
  return found;
}

async function get(path: string, { rest, token } = alice()) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(new URL(path, rest), { headers });
  return (await response.json()) as Record<string, unknown>;
}

async function pay(units: string) {
  const { rest, token } = alice();
  const response = await fetch(new URL("/v1/flows", rest), {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      prefer: "wait=20",
    },
    body: JSON.stringify({
      flow: "cash/issue",
      input: { to: "Bob", amount: { minorUnits: units, currency: "CHF" } },
    }),
  });
  return (await response.json()) as { status: string; code?: string };
}

async function runOf(): Promise<{ incarnation: string; run: number }> {
  const { incarnation, run } = await get("/v1/node");
  return { incarnation: String(incarnation), run: Number(run) };
}

async function query(database: string, ...texts: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    for (const text of texts) await client.query(text);
  } finally {
    await client.end();
  }
}

async function kill(name: string): Promise<void> {
  deaths.length = 0;
  process.kill(network.pid(name), "SIGKILL");
  await expect.poll(() => deaths).toEqual([`${name} SIGKILL`]);
}

/** Its server lets go of a killed node's connections in its own time. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const server = partyOf("bob").databaseUrl;
  await query(
    server,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`,
    `drop database if exists ${to} with (force)`,
    `create database ${to} template ${from}`,
  );
}

test("a notary's node has a token", async () => {
  const [member] = network.running.notary.members;
  if (member === undefined) throw new Error("no member");
  expect(await get("/v1/node", { ...alice(), ...member })).toMatchObject({ role: "notary" });
});

test("a node whose database went back to a backup begins a new incarnation", async () => {
  expect(await pay("100")).toMatchObject({ status: "COMPLETED" });
  const before = await runOf();
  await kill("alice");
  await copyDatabase("alice", "backup");
  await network.restart("alice");
  expect(await runOf()).toEqual({ incarnation: before.incarnation, run: before.run + 1 });
  expect(await pay("200")).toMatchObject({ status: "COMPLETED" });
  expect(log()).not.toContain("restored or replaced");

  await kill("alice");
  await copyDatabase("backup", "alice");
  await network.restart("alice");
  const restored = await runOf();
  expect(restored.incarnation).not.toBe(before.incarnation);
  expect(restored.run).toBe(1);
  expect(log()).toContain("restored or replaced");
  expect(await pay("300")).toMatchObject({ status: "COMPLETED" });

  await network.restart("alice");
  expect(await runOf()).toEqual({ ...restored, run: 2 });
});

test("a node whose database another process runs on ends, and says why", async () => {
  deaths.length = 0;
  await query(
    alice().databaseUrl,
    "update flow.node set run = run + 1",
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stateset writer' and datname = current_database()",
  );
  await expect
    .poll(async () => {
      if (deaths.length === 0) await pay("1").catch(() => {}); // it may end while it is asked
      return deaths;
    })
    .toEqual(["alice 1"]);
  expect(log()).toContain("node ends: Another process has begun to run on the node's database");
});
