import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NodeConfig } from "../../src/config/node-config.ts";
import { dataOutside } from "../../src/local/data-outside.ts";
import { LocalNetwork } from "../../src/local/local-network.ts";
import { NetworkFolder } from "../../src/local/network-folder.ts";
import { TcpRelay } from "../drills/tcp-relay.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const STATESET = join(ROOT, "packages/node/bin/stateset.mjs");
const dir = mkdtempSync(join(tmpdir(), "stateset-network-"));
const folder = new NetworkFolder(dir);
const deaths: string[] = [];
const quiet = () => {};
let network: LocalNetwork;

let outside: string[] = [];

beforeAll(async () => {
  network = await start();
  outside = await dataOutside(dir);
});
afterAll(async () => {
  const running = await stateset("clean");
  await network.stop();
  const cleaned = await stateset("clean");
  expect(running).toMatchObject({ status: 1, json: { code: "network/already-running" } });
  expect(cleaned).toMatchObject({ status: 0, json: { removed: expect.arrayContaining(outside) } });
  expect(existsSync(dir)).toBe(false);
  for (const path of outside) expect(existsSync(path), path).toBe(false);
});

function start(parties: string[] = ["alice", "bob"]): Promise<LocalNetwork> {
  return LocalNetwork.start({
    folder: dir,
    parties,
    log: quiet,
    onDeath: (name, { signal }) => deaths.push(`${name} ${signal}`),
  });
}

/** Runs the command line as a user would, against the network, which answers meanwhile. */
async function stateset(...args: string[]) {
  const { code, stdout, stderr } = await ended([...args, "--dir", dir, "--json"]);
  return { status: code, stderr, json: stdout === "" ? undefined : JSON.parse(stdout) };
}

async function ended(args: string[]) {
  const child = spawn(process.execPath, [STATESET, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

function run(party: string, flow: string, input: object) {
  const json = JSON.stringify(input);
  return stateset("flow", "start", flow, "--party", party, "--input", json, "--wait");
}

async function cashOf(party: string): Promise<bigint> {
  const asked = ["--state", "cash/cash", "--party", party, "--ours"];
  const { json } = await stateset("vault", "query", ...asked);
  const units = json.items.map(({ state }: { state: { amount: { minorUnits: string } } }) =>
    BigInt(state.amount.minorUnits),
  );
  return units.reduce((sum: bigint, each: bigint) => sum + each, 0n);
}

const cash = () => Promise.all([cashOf("alice"), cashOf("bob")]);
const chf = (minorUnits: string) => ({ minorUnits, currency: "CHF" });

describe("a network", () => {
  test("pays from one party to another, and both hold the transaction", async () => {
    expect(await run("alice", "cash/issue", { to: "Alice", amount: chf("1000") })).toMatchObject({
      status: 0,
    });
    const paid = await run("alice", "cash/pay", { to: "Bob", amount: chf("300") });
    expect(paid).toMatchObject({ status: 0, json: { status: "COMPLETED", version: 1 } });
    expect(await cash()).toEqual([700n, 300n]);
    const { transactionId } = paid.json.result;
    const shown = (await stateset("tx", "show", transactionId, "--party", "bob")).json;
    expect(shown).toMatchObject({ id: transactionId, receipt: { block: { height: 2 } } });
    const graph = (await stateset("tx", "graph", transactionId, "--party", "bob")).json;
    expect(graph.transactions).toMatchObject([
      { id: transactionId, isHeld: true, commands: ["cash/move"] },
      { isHeld: true, commands: ["cash/issue"] },
    ]);
    expect(graph.edges).toMatchObject([{ to: transactionId, index: 0, kind: "input" }]);
  });

  test("a second one on the same folder is refused", async () => {
    await expect(start()).rejects.toMatchObject({ code: "network/already-running" });
    expect((await stateset("network", "status")).json).toMatchObject({
      running: true,
      pid: process.pid,
    });
  });

  test("a node that was killed is reported, started again by command, and goes on", async () => {
    process.kill(network.pid("bob"), "SIGKILL");
    await expect.poll(() => deaths).toEqual(["bob SIGKILL"]);
    expect((await stateset("network", "status")).json.nodes).toContainEqual(
      expect.objectContaining({ name: "bob", running: false, ready: false }),
    );
    await network.restart("bob");
    expect(await run("bob", "cash/pay", { to: "Alice", amount: chf("100") })).toMatchObject({
      status: 0,
    });
    expect(await cash()).toEqual([800n, 200n]);
  });

  test("secrets can be read by their owner alone", () => {
    const own = folder.node("alice");
    for (const path of [folder.authorities, folder.running, own.accessSecret, own.databaseUrl])
      expect(statSync(path).mode & 0o077, path).toBe(0);
    const log = readFileSync(own.log, "utf8");
    const secrets = [own.accessSecret, own.keyStorePassword, own.databaseUrl];
    for (const path of secrets) expect(log).not.toContain(readFileSync(path, "utf8").trim());
    expect(log).not.toContain(network.running.parties[0]?.token);
  });

  test("stopped and started, it has the same parties and money", async () => {
    const before = network.running.parties.map(({ name, legalName }) => ({ name, legalName }));
    await network.stop();
    expect(existsSync(folder.running)).toBe(false);
    expect(await stateset("network", "status")).toMatchObject({
      status: 1,
      json: { code: "network/not-running" },
    });
    network = await start([]);
    expect(network.running.parties).toMatchObject(before);
    expect(await cash()).toEqual([800n, 200n]);
  });
});

describe("a node does not start", () => {
  let config: NodeConfig;
  beforeAll(async () => {
    config = JSON.parse(readFileSync(folder.node("alice").config, "utf8"));
  });

  /** Runs `node start` with a changed configuration until it gives up. */
  async function refusal(change: (config: NodeConfig) => NodeConfig) {
    const file = join(dir, "changed.json");
    writeFileSync(file, JSON.stringify(change({ ...config, dataFolder: join(dir, "changed") })));
    const { code, stdout, stderr } = await ended(["node", "start", "--config", file, "--json"]);
    return { code, stderr, json: JSON.parse(stdout.trim().split("\n").at(-1) ?? "") };
  }
  const secret = (name: string, content: string) => {
    const path = join(dir, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };

  type Row = [what: string, change: (c: NodeConfig) => NodeConfig, code: string, told: RegExp];
  const rows: Row[] = [
    [
      "without its certificate",
      (c) => ({ ...c, p2p: { ...c.p2p, certificate: join(dir, "none.pem") } }),
      "config/invalid",
      /p2p\.certificate names .*none\.pem, which is not there/,
    ],
    [
      "with a wrong password",
      (c) => ({
        ...c,
        keyStore: { ...c.keyStore, passwordFile: secret("wrong", "not the password") },
      }),
      "keys/wrong-password",
      /keyStore\.passwordFile/,
    ],
    [
      "as a notary that the map does not list",
      (c) => ({
        ...c,
        role: "notary",
        apps: undefined as never,
      }),
      "node/not-a-notary",
      /role in/,
    ],
    [
      "while its database is used by another node",
      (c) => ({ ...c, p2p: { ...c.p2p, port: 0 }, rest: { ...c.rest, port: 0 } }),
      "vault/in-use",
      /database\.urlFile/,
    ],
    [
      "without a database",
      (c) => ({
        ...c,
        database: { url: "postgres://nobody@127.0.0.1:1/none" },
      }),
      "node/database-away",
      /database\.url in .*does not listen/,
    ],
    [
      "with an app that nobody trusted signed",
      (c) => ({ ...c, apps: { files: c.apps?.files ?? [], trustedSigners: ["ab".repeat(32)] } }),
      "app/untrusted-signer",
      /apps in/,
    ],
    [
      "on another network",
      (c) => ({ ...c, networkMap: { ...c.networkMap, network: "ab".repeat(32) } }),
      "network-map/signature-invalid",
      /networkMap/,
    ],
  ];

  test.each(rows)("%s", async (_, change, code, told) => {
    const found = await refusal(change);
    expect(found).toMatchObject({ code: 1, json: { code } });
    expect(found.stderr).toMatch(told);
    expect(found.stderr, "no stack").not.toMatch(/\n {4}at /);
  });

  type Answers = (fromServer: Buffer) => Buffer;
  /** Starts on a new database, given by an address of the server that may change its answers. */
  async function refusalOn({ sql = "select", answers }: { sql?: string; answers?: Answers }) {
    const socket = readFileSync(folder.node("alice").databaseUrl, "utf8").trim();
    const { username, password, searchParams } = new URL(socket.replace("@/", "@none/"));
    const path = `${searchParams.get("host")}/.s.PGSQL.${searchParams.get("port")}`;
    const relay = await TcpRelay.to({ path }, answers);
    const urlOf = (name: string) =>
      `postgresql://${username}:${password}@127.0.0.1:${relay.port}/${name}`;
    try {
      await queries(urlOf("alice"), `drop database if exists other`, `create database other`);
      await queries(urlOf("other"), sql);
      const database = { url: urlOf("other") };
      const free = ({ p2p, rest }: NodeConfig) => ({
        p2p: { ...p2p, port: 0 },
        rest: { ...rest, port: 0 },
      });
      return await refusal((c) => ({ ...c, ...free(c), database }));
    } finally {
      await relay.close();
    }
  }

  async function queries(connectionString: string, ...texts: string[]): Promise<void> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    for (const text of texts) await client.query(text);
    await client.end();
  }

  test("on a database that a newer version has migrated", async () => {
    const sql = `create schema flow;
      create table flow.migrations (version int4, name text, applied_at timestamptz);
      insert into flow.migrations values (99, 'later', now())`;
    const found = await refusalOn({ sql });
    const facts = { what: "schema", found: 99, known: expect.any(Number) };
    expect(found).toMatchObject({ code: 1, json: { code: "vault/newer-database", ...facts } });
    expectOneLine(found.stderr, /database\.url in .*newer version.*restore a backup/);
  });

  test("on a PostgreSQL server that is too old", async () => {
    // The one server there is, whose version is said to be 14.11 on the way.
    const answers = (answer: Buffer) =>
      Buffer.from(answer.toString("latin1").replace(/\b1[5-9]00\d\d(?!\d)/, "140011"), "latin1");
    const found = await refusalOn({ answers });
    const facts = { found: "14", minimum: "15" };
    expect(found).toMatchObject({ code: 1, json: { code: "vault/server-too-old", ...facts } });
    expectOneLine(found.stderr, /database\.url in .*older than 15; use a newer one/);
  });

  /** What a person reads: what is wrong, where, and what to do. */
  function expectOneLine(stderr: string, told: RegExp): void {
    const lines = stderr.split("\n").filter((line) => told.test(line));
    expect(lines, stderr).toHaveLength(1);
    expect(stderr, "no stack").not.toMatch(/\n {4}at /);
  }

  test("on a port that is taken, which it names with the key", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    // Its database must be free, or that would be refused first.
    process.kill(network.pid("alice"), "SIGTERM");
    await expect.poll(() => deaths).toContain("alice null");
    const rest = await refusal((c) => ({ ...c, rest: { ...c.rest, port } }));
    const p2p = await refusal((c) => ({ ...c, p2p: { ...c.p2p, port } }));
    server.close();
    await network.restart("alice");
    expect(rest).toMatchObject({
      code: 1,
      json: { code: "node/port-busy", key: "rest.port", port },
    });
    expect(p2p).toMatchObject({ code: 1, json: { code: "node/port-busy", key: "p2p.port", port } });
  });
});
