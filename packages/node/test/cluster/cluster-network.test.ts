import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Receipt } from "@stateset/ledger";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { builtNotaryd } from "../../src/local/built-notaryd.ts";
import { NetworkFolder } from "../../src/local/network-folder.ts";
import type { NetworkStatus } from "../../src/local/network-status.ts";
import type { RunningMember, RunningNetwork } from "../../src/local/running-network.ts";

/** A cluster's. */
type Member = Omit<Required<RunningMember>, "token">;

const STATESET = join(import.meta.dirname, "../../bin/stateset.mjs");
/** Go compiles some hundred packages, on a machine that does other things as well. */
const BUILD_MAX_MS = 20 * 60_000;
const START_MAX_MS = 3 * 60_000;
const ENDED_MAX_MS = 30_000;
const isGoThere = spawnSync("go", ["version"]).status === 0;

describe.skipIf(!isGoThere)("a local network with a cluster of four (needs Go)", () => {
  const dir = mkdtempSync(join(tmpdir(), "stateset-cluster-"));
  /** Every process that was ever told of: none may be left. */
  const pids = new Set<number>();
  /** Of the network's own process, which is a child of the one that the test starts. */
  let upPid: number;
  let network: RunningNetwork;
  /** As they are now. */
  let nodes: NetworkStatus["nodes"];
  let members: Member[];

  beforeAll(async () => {
    await builtNotaryd();
  }, BUILD_MAX_MS);
  beforeAll(() => start("--parties", "alice,bob", "--notary", "cluster:4"), START_MAX_MS);
  afterAll(async () => {
    if (isAlive(upPid)) process.kill(upPid, "SIGKILL");
    await vi.waitFor(() => expect(living()).toEqual([]), { timeout: ENDED_MAX_MS });
    expect(await stateset("clean")).toMatchObject({ code: 0 });
    expect(existsSync(dir)).toBe(false);
  }, START_MAX_MS);

  async function start(...args: string[]): Promise<void> {
    const up = spawn(
      process.execPath,
      [STATESET, "network", "up", "--dir", dir, "--json", ...args],
      {
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const stderr = text(up.stderr);
    const lines = createInterface(up.stdout);
    const [line] = await Promise.race([once(lines, "line"), once(up, "close").then(() => [])]);
    if (line === undefined) throw new Error(`the network did not start: ${await stderr}`);
    network = JSON.parse(line as string) as RunningNetwork;
    await noteProcesses();
  }

  async function noteProcesses(): Promise<void> {
    const status = (await stateset("network", "status")).json as NetworkStatus;
    upPid = status.pid;
    nodes = status.nodes;
    members = status.notary.members as Member[];
    for (const { pid } of [status, ...nodes, ...(status.validators ?? [])]) pids.add(pid);
  }

  const living = () => [...pids].filter(isAlive);
  const cash = () => Promise.all([cashOf("alice"), cashOf("bob")]);
  const chf = (minorUnits: string) => ({ minorUnits, currency: "CHF" });

  async function stateset(...args: string[]) {
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    const child = spawn(process.execPath, [STATESET, ...args, "--dir", dir, "--json"], { stdio });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code, stderr, json: stdout === "" ? undefined : JSON.parse(stdout) };
  }

  async function run(party: string, flow: string, input: object): Promise<string> {
    const json = JSON.stringify(input);
    const ran = await stateset("flow", "start", flow, "--party", party, "--input", json, "--wait");
    expect(ran, ran.stderr).toMatchObject({ code: 0, json: { status: "COMPLETED" } });
    return ran.json.result.transactionId;
  }

  async function cashOf(party: string): Promise<bigint> {
    const asked = ["--state", "cash/cash", "--party", party, "--ours"];
    const { json } = await stateset("vault", "query", ...asked);
    return json.items
      .map(({ state }: { state: { amount: { minorUnits: string } } }) => state.amount.minorUnits)
      .reduce((sum: bigint, units: string) => sum + BigInt(units), 0n);
  }

  /** A node takes a transaction with a valid receipt only: of these, here is one. */
  async function receiptOf(id: string, party: string): Promise<Receipt> {
    return (await stateset("tx", "show", id, "--party", party)).json.receipt;
  }

  async function killMember(index: number): Promise<void> {
    const { validatorPid, workerPid } = members[index] as Member;
    const killed = [validatorPid, workerPid];
    for (const pid of killed) process.kill(pid, "SIGKILL");
    await expect.poll(() => killed.filter(isAlive)).toEqual([]);
  }

  test("it tells of its members, each with a chain and a worker", async () => {
    expect(network.notary).toMatchObject({ kind: "cluster", name: "notary" });
    expect(network.notary.members.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    for (const { validatorPid, workerPid, home, rest, rpc } of members) {
      expect([validatorPid, workerPid].every(isAlive)).toBe(true);
      expect(existsSync(join(home, "config/genesis.json"))).toBe(true);
      expect((await fetch(new URL("/readyz", rest))).status).toBe(200);
      expect((await fetch(new URL("/health", rpc))).status).toBe(200);
    }
    expect(members).toEqual(network.notary.members.map(({ token: _, ...rest }) => rest));
  });

  test("cash is issued and paid, and a quorum has signed each receipt", async () => {
    const issued = await run("alice", "cash/issue", { to: "Alice", amount: chf("1000") });
    const paid = await run("alice", "cash/pay", { to: "Bob", amount: chf("300") });
    expect(await cash()).toEqual([700n, 300n]);
    for (const [id, party] of [
      [issued, "alice"],
      [paid, "alice"],
      [paid, "bob"],
    ] as const) {
      const { signatures } = await receiptOf(id, party);
      const keys = signatures.map((each) => ("key" in each ? each.key : ""));
      expect(new Set(keys).size).toBeGreaterThanOrEqual(3);
    }
  });

  test("with one member's chain and worker killed it goes on", async () => {
    await killMember(1);
    await run("alice", "cash/pay", { to: "Bob", amount: chf("50") });
    await run("bob", "cash/pay", { to: "Alice", amount: chf("20") });
    expect(await cash()).toEqual([670n, 330n]);
  });

  test("the member is started again by command, and needed when another one goes", async () => {
    expect(await stateset("network", "restart", "--party", "notary-1")).toMatchObject({ code: 0 });
    await noteProcesses();
    await killMember(2);
    await run("alice", "cash/pay", { to: "Bob", amount: chf("1") });
    expect(await cash()).toEqual([669n, 331n]);
  });

  test("with no quorum left a payment waits until the members are back", async () => {
    await killMember(3);
    const paying = run("bob", "cash/pay", { to: "Alice", amount: chf("1") });
    expect(await stateset("network", "restart", "--party", "notary")).toMatchObject({ code: 0 });
    await noteProcesses();
    await paying;
    expect(await cash()).toEqual([670n, 330n]);
    const status = (await stateset("network", "status")).json as NetworkStatus;
    const all = [...status.nodes, ...(status.validators ?? [])];
    expect(all.filter(({ ready }) => !ready)).toEqual([]);
  });

  test("ended in order, no process is left", async () => {
    expect(await stateset("network", "down")).toMatchObject({ code: 0 });
    await expect.poll(living).toEqual([]);
  });

  test(
    "started again it has the same notary and money, and no other notary",
    async () => {
      const other = await stateset("network", "up", "--notary", "embedded");
      expect(other).toMatchObject({ code: 1, json: { code: "network/other-notary" } });
      const more = await stateset("network", "up", "--parties", "alice,bob,carol");
      expect(more).toMatchObject({ code: 1, json: { code: "network/parties-fixed" } });
      await start();
      expect(network.notary).toMatchObject({ kind: "cluster", members: { length: 4 } });
      await run("bob", "cash/pay", { to: "Alice", amount: chf("30") });
      expect(await cash()).toEqual([700n, 300n]);
    },
    START_MAX_MS,
  );

  test("when the network's own process is killed, all others end by themselves", async () => {
    expect(living()).toHaveLength(1 + nodes.length + 4);
    process.kill(upPid, "SIGKILL");
    await expect.poll(living).toEqual([]);
    const { root } = new NetworkFolder(dir).node("notary-0");
    expect(readFileSync(join(root, "node.log"), "utf8")).not.toContain('"level":"error"');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
