import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkId } from "@stateset/ledger";
import { decodeNetworkMap, type NetworkMapContent } from "@stateset/network";
import pg from "pg";
import { expect } from "vitest";
import type { NodeConfig } from "../../src/config/node-config.ts";
import type { ChildExit } from "../../src/local/child.ts";
import { dataOutside } from "../../src/local/data-outside.ts";
import { LocalNetwork } from "../../src/local/local-network.ts";
import { NetworkFolder } from "../../src/local/network-folder.ts";
import type { RunningParty } from "../../src/local/running-network.ts";
import { type LoadOptions, PaymentLoad } from "./payment-load.ts";

export type Company = "alice" | "bob";
export type LogLine = { level: string; message: string; code?: unknown };

export const COMPANIES: readonly Company[] = ["alice", "bob"];
/** More than there are ever payments under way, each of which holds one. */
const COINS = 48;
const COIN_MINOR_UNITS = 1_000_000;
const RECOVERY_MS = 60_000;

/** Two companies and a notary as processes, which pay while something happens to them. */
export class DrillNetwork {
  readonly network: LocalNetwork;
  readonly folder: NetworkFolder;
  readonly deaths = new Map<string, ChildExit>();
  /** What this process logs: of the database server above all. */
  readonly ownLog: LogLine[] = [];
  readonly #loads: PaymentLoad[] = [];
  readonly #funds = new Map<Company, number>();
  #issued = 0;

  private constructor(network: LocalNetwork, folder: NetworkFolder) {
    this.network = network;
    this.folder = folder;
  }

  /** @param prepare what is done to the folder before there is a network in it */
  static async start(prepare = async (_: NetworkFolder) => {}): Promise<DrillNetwork> {
    const folder = new NetworkFolder(mkdtempSync(join(tmpdir(), "stateset-drill-")));
    await prepare(folder);
    const deaths: DrillNetwork["deaths"] = new Map();
    const ownLog: LogLine[] = [];
    const network = await LocalNetwork.start({
      folder: folder.root,
      parties: COMPANIES,
      log: (level, message, fields) => ownLog.push({ level, message, ...fields }),
      onDeath: (name, exit) => deaths.set(name, exit),
    });
    return Object.assign(new DrillNetwork(network, folder), { deaths, ownLog });
  }

  /** @param release what must be let go of before the data can be removed */
  async stop(release = () => {}): Promise<void> {
    try {
      await this.network.stop();
    } finally {
      release();
      const outside = await dataOutside(this.folder.root);
      for (const path of [...outside, this.folder.root])
        rmSync(path, { recursive: true, force: true });
    }
  }

  party(name: Company): RunningParty {
    const found = this.network.running.parties.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no party ${name}`);
    return found;
  }

  /** Gives a company cash of its own issue. */
  async fund(name: Company, coins = COINS): Promise<void> {
    const { rest, token, legalName } = this.party(name);
    const amount = { minorUnits: String(COIN_MINOR_UNITS), currency: "CHF" };
    const body = JSON.stringify({ flow: "cash/issue", input: { to: legalName, amount } });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const issue = async () => {
      const url = `${rest}/v1/flows`;
      const asked = { method: "POST", body, headers: { ...headers, prefer: "wait=30" } };
      expect(await (await fetch(url, asked)).json()).toMatchObject({ status: "COMPLETED" });
    };
    await Promise.all(Array.from({ length: coins }, issue));
    this.#issued += coins;
    this.#funds.set(name, (this.#funds.get(name) ?? 0) + coins * COIN_MINOR_UNITS);
  }

  /** Payments that go on until the load is finished. */
  pay(payer: Company, payee: Company, options: Omit<LoadOptions, "payer" | "payee">): PaymentLoad {
    const organisation = payee === "alice" ? "Alice" : "Bob";
    const load = new PaymentLoad({ payer: this.party(payer), payee: organisation, ...options });
    this.#loads.push(load);
    return load;
  }

  /** Ends a process as a power cut would, unless it has ended, and waits until it is gone. */
  async kill(name: string, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.deaths.delete(name);
    process.kill(this.network.pid(name), signal);
    await expect
      .poll(() => this.deaths.has(name), { timeout: RECOVERY_MS, interval: 5 })
      .toBe(true);
  }

  networkMap(): NetworkMapContent {
    const { config } = this.folder.node("alice");
    const { networkMap } = JSON.parse(readFileSync(config, "utf8")) as NodeConfig;
    const authority = { kind: "ed25519", key: networkMap.authority } as const;
    const trust = { network: networkMap.network as NetworkId, authority };
    return decodeNetworkMap(readFileSync(this.folder.networkMap), trust);
  }

  /** The lines that a node has logged. */
  log(name: string): LogLine[] {
    const lines = readFileSync(this.folder.node(name).log, "utf8").trimEnd().split("\n");
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as LogLine);
  }

  async query<T extends object>(name: Company | "notary", text: string): Promise<T[]> {
    const connectionString = this.party("alice").databaseUrl.replace("/alice?", `/${name}?`);
    const client = new pg.Client({ connectionString });
    client.on("error", () => {}); // the server is killed in some drills
    await client.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Money, flows, messages and rows are as all payments so far leave them, on both sides. */
  async assertBooks(): Promise<void> {
    const books = () => Promise.all(COMPANIES.map((name) => this.#books(name)));
    const expected = COMPANIES.map((name) => this.#expected(name));
    await expect.poll(books, { timeout: RECOVERY_MS }).toEqual(expected);
    const [notarised] = await this.query<{ count: number }>(
      "notary",
      "select count(*)::int as count from notary.notarised",
    );
    const payments = this.#loads.reduce((sum, { completed }) => sum + completed.size, 0);
    expect(notarised?.count, "notarised").toBe(this.#issued + payments);
    for (const load of this.#loads) await this.#assertFlows(load);
    await this.#assertAgreement();
  }

  async #books(name: Company): Promise<Books> {
    const [row] = await this.query<Books>(name, BOOKS);
    if (row === undefined) throw new Error("no books");
    return row;
  }

  #expected(name: Company): Books {
    let cash = this.#funds.get(name) ?? 0;
    for (const { options, paid } of this.#loads) cash += options.payer.name === name ? -paid : paid;
    return { cash, unfinished: 0, undelivered: 0 };
  }

  /** Each client id has one flow, each payment one responder, and both sides have its transaction. */
  async #assertFlows({ options, completed }: PaymentLoad): Promise<void> {
    const payer = options.payer.name as Company;
    const flows = await this.query<{ client_id: string; status: string; tx: string }>(
      payer,
      `select client_id, status, result::jsonb->>'transactionId' as tx from flow.flows
        where client_id like '${options.name} %' order by position`,
    );
    expect(new Set(flows.map(({ status }) => status))).toEqual(new Set(["COMPLETED"]));
    expect(flows).toHaveLength(completed.size);
    expect(new Map(flows.map(({ client_id, tx }) => [client_id, tx]))).toEqual(completed);
    const ids = [...completed.values()].sort();
    expect(new Set(ids).size, "payments that share a transaction").toBe(ids.length);
    const payee: Company = payer === "alice" ? "bob" : "alice";
    const responders = await this.query<{ tx: string }>(
      payee,
      `select result::jsonb->>'transactionId' as tx from flow.flows
        where initiator is not null and status = 'COMPLETED'`,
    );
    const answered = responders.map(({ tx }) => tx).filter((tx) => ids.includes(tx));
    expect(answered.sort()).toEqual(ids);
    for (const name of COMPANIES) {
      const held = await this.query<{ id: string }>(name, TRANSACTION_IDS);
      const found = new Set(held.map(({ id }) => id));
      const missing = ids.filter((id) => !found.has(id));
      expect(missing, `transactions that ${name} lacks`).toEqual([]);
    }
  }

  /** What both hold is the same to the byte, and so is what became of it. */
  async #assertAgreement(): Promise<void> {
    const [ours, theirs] = await Promise.all(COMPANIES.map((name) => this.#holdings(name)));
    let shared = 0;
    for (const [key, value] of ours ?? []) {
      const other = theirs?.get(key);
      if (other === undefined) continue;
      shared++;
      expect(other, key).toBe(value);
    }
    const payments = this.#loads.reduce((sum, { completed }) => sum + completed.size, 0);
    expect(shared).toBeGreaterThanOrEqual(payments);
  }

  async #holdings(name: Company): Promise<Map<string, string>> {
    const rows = await this.query<{ key: string; value: string }>(name, HOLDINGS);
    return new Map(rows.map(({ key, value }) => [key, value]));
  }
}

type Books = { cash: number; unfinished: number; undelivered: number };

const BOOKS = `select
  (select coalesce(sum((state->'amount'->>'minorUnits')::bigint), 0) from vault.states
   where consumed_by is null and is_ours)::int as cash,
  (select count(*) from flow.flows
   where status not in ('COMPLETED', 'FAILED', 'KILLED'))::int as unfinished,
  (select count(*) from flow.outbox)::int as undelivered`;
const TRANSACTION_IDS = "select encode(id, 'hex') as id from ledger.transactions";
/** Each transaction with its receipt, and each state with what it holds and what consumed it. */
const HOLDINGS = `select encode(id, 'hex') as key, encode(signed, 'hex') || encode(receipt, 'hex') as value
    from ledger.transactions
  union all
  select encode(tx_id, 'hex') || ':' || index,
    state::text || ' consumed by ' || coalesce(encode(consumed_by, 'hex'), 'nothing')
    from vault.states`;
