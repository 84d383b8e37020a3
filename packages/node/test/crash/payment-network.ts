import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect } from "vitest";
import { LocalNetwork } from "../../src/local/local-network.ts";
import type { RunningParty } from "../../src/local/running-network.ts";

export type FlowAnswer = { flowId: string; status: string; error?: { code: string } };

/** Three companies and a notary as processes, and what their databases hold. */
export class PaymentNetwork {
  readonly network: LocalNetwork;
  readonly #folder: string;

  private constructor(network: LocalNetwork, folder: string) {
    this.network = network;
    this.#folder = folder;
  }

  static async start(): Promise<PaymentNetwork> {
    const folder = mkdtempSync(join(tmpdir(), "stateset-crash-"));
    const parties = ["alice", "bob", "bank"];
    const network = await LocalNetwork.start({ folder, parties, log: () => {} });
    return new PaymentNetwork(network, folder);
  }

  stop(): Promise<void> {
    return this.network.remove();
  }

  /** The points that a node passes while something happens, in order. */
  async pointsPassed(name: string, during: () => Promise<unknown>): Promise<string[]> {
    const file = join(this.#folder, `${name}.points`);
    writeFileSync(file, "");
    await this.network.restart(name, { ...process.env, STATESET_POINTS_FILE: file });
    await during();
    await this.network.restart(name);
    const passages = new Map<string, number>();
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((point) => point !== "")
      .map((point) => {
        const passage = (passages.get(point) ?? 0) + 1;
        passages.set(point, passage);
        return `${point}#${passage}`;
      });
  }

  /** Starts a node that will kill itself at the point. */
  async armed(name: string, point: string): Promise<void> {
    await this.network.restart(name, { ...process.env, STATESET_CRASH_POINT: point });
  }

  /** Resolves when the node's process has ended. */
  async hasDied(name: string, withinMs: number): Promise<void> {
    const isRunning = async () => {
      const { nodes } = await this.network.status();
      return nodes.find((node) => node.name === name)?.running;
    };
    await expect.poll(isRunning, { timeout: withinMs, interval: 20 }).toBe(false);
  }

  async start(party: string, body: object, waitSeconds: number): Promise<FlowAnswer> {
    const { rest, token } = this.#party(party);
    const response = await fetch(`${rest}/v1/flows`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        prefer: `wait=${waitSeconds}`,
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as FlowAnswer;
  }

  /** Of each party: unconsumed cash, flows not ended, undelivered messages, transactions. */
  async books(party: string): Promise<Books> {
    const [row] = await this.query<Books>(
      party,
      `select (select coalesce(sum((state->'amount'->>'minorUnits')::bigint), 0) from vault.states
               where consumed_by is null and is_ours)::int as cash,
              (select count(*) from flow.flows where status in ('RUNNING','WAITING','HOSPITAL','PAUSED'))::int as unfinished,
              (select count(*) from flow.outbox)::int as undelivered,
              (select count(*) from ledger.transactions)::int as transactions`,
    );
    if (row === undefined) throw new Error("no books");
    return row;
  }

  async query<T extends object>(party: string, text: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.#party(party).databaseUrl });
    await client.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  #party(name: string): RunningParty {
    const party = this.network.running.parties.find((each) => each.name === name);
    if (party === undefined) throw new Error(`no party ${name}`);
    return party;
  }
}

export type Books = {
  cash: number;
  unfinished: number;
  undelivered: number;
  transactions: number;
};
