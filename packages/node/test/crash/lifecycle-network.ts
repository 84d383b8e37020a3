import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatX500Name } from "@stateset/ledger";
import pg from "pg";
import { expect } from "vitest";
import { readDemoInvoice } from "../../src/demo/demo-invoice.ts";
import type { Role } from "../../src/demo/lifecycle-facts.ts";
import { connectNodes, type NodeClient } from "../../src/demo/node-client.ts";
import { reconcile } from "../../src/demo/reconcile.ts";
import { LocalNetwork } from "../../src/local/local-network.ts";
import type { RunningParty } from "../../src/local/running-network.ts";
import { sampleDocument } from "../trade/trade-documents.ts";

export type FlowAnswer = {
  flowId: string;
  status: string;
  result?: Record<string, unknown>;
  error?: { code: string };
};

const ROLES: readonly Role[] = ["bank", "seller", "buyer", "lender"];
export const VICTIMS: readonly string[] = [...ROLES, "notary"];
const RECOVERY_MS = 60_000;

/** The parties of a lifecycle and their notary as processes, and what their databases hold. */
export class LifecycleNetwork {
  readonly network: LocalNetwork;
  readonly document: Buffer;
  readonly nodes: readonly NodeClient[];
  readonly #folder: string;
  readonly #deaths: Set<string>;

  private constructor(
    network: LocalNetwork,
    nodes: readonly NodeClient[],
    on: { document: Buffer; folder: string; deaths: Set<string> },
  ) {
    this.network = network;
    this.nodes = nodes;
    this.document = on.document;
    this.#folder = on.folder;
    this.#deaths = on.deaths;
  }

  static async start(sample = "invoice-eur-standard.xml"): Promise<LifecycleNetwork> {
    const document = sampleDocument(sample);
    const { names } = await readDemoInvoice(document);
    const folder = mkdtempSync(join(tmpdir(), "stateset-crash-"));
    const deaths = new Set<string>();
    const network = await LocalNetwork.start({
      folder,
      parties: ROLES,
      legalNames: { seller: formatX500Name(names.seller), buyer: formatX500Name(names.buyer) },
      leis: names.leis,
      log: () => {},
      onDeath: (name) => deaths.add(name),
    });
    const { nodes } = await connectNodes(network.running);
    return new LifecycleNetwork(network, nodes, { document, folder, deaths });
  }

  stop(): Promise<void> {
    return this.network.remove();
  }

  get legalNames(): Record<Role, string> {
    const names = ROLES.map((role) => [role, this.#party(role).legalName]);
    return Object.fromEntries(names) as Record<Role, string>;
  }

  /** Starts every node so that it tells the points that it passes. */
  async tellPoints(): Promise<void> {
    for (const name of VICTIMS) {
      writeFileSync(this.#pointsOf(name), "");
      const environment = { ...process.env, STATESET_POINTS_FILE: this.#pointsOf(name) };
      await this.network.restart(name, environment);
    }
  }

  /** The points that a node has passed since it was last asked, in order. */
  pointsPassed(name: string): string[] {
    const points = readFileSync(this.#pointsOf(name), "utf8").split("\n");
    writeFileSync(this.#pointsOf(name), "");
    return points.filter((point) => point !== "");
  }

  /** Starts a node, running or not; with a point it will kill itself there. */
  async restart(name: string, point?: string): Promise<void> {
    this.#deaths.delete(name);
    const { STATESET_CRASH_POINT: _, STATESET_POINTS_FILE: __, ...environment } = process.env;
    const armed = point === undefined ? {} : { STATESET_CRASH_POINT: point };
    await this.network.restart(name, { ...environment, ...armed });
  }

  /** Resolves when a node's process has ended. */
  async hasDied(name: string): Promise<void> {
    await until(() => this.#deaths.has(name), `${name} has died`);
  }

  /** Asks a node to run a flow, once; undefined where no answer came. */
  async ask(role: Role, body: object, signal?: AbortSignal): Promise<FlowAnswer | undefined> {
    const { rest, token } = this.#party(role);
    try {
      const response = await fetch(`${rest}/v1/flows`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          prefer: "wait=55",
        },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      });
      return (await response.json()) as FlowAnswer;
    } catch {
      return undefined; // the node is away, or went away
    }
  }

  async holds(role: Role, txId: string): Promise<void> {
    await this.nodes.find(({ name }) => name === role)?.holds(txId);
  }

  /** Nothing is under way at any party. */
  async quiet(): Promise<void> {
    for (const node of this.nodes)
      await until(async () => {
        const [unfinished, sessions] = await Promise.all([node.unfinished(), node.openSessions()]);
        return unfinished.length === 0 && sessions === 0;
      }, `${node.name} has nothing under way`);
  }

  /** @returns minor units of each party, where all that the parties hold agrees */
  async reconciled(currency: string): Promise<Record<string, bigint>> {
    const { differences, balances } = await reconcile(this.nodes, { waitMs: RECOVERY_MS });
    expect(differences).toEqual([]);
    for (const role of ROLES)
      await until(async () => {
        const [row] = await this.query<{ count: number }>(role, UNDELIVERED);
        return row?.count === 0;
      }, `${role} has delivered everything`);
    return Object.fromEntries(ROLES.map((role) => [role, balances[role]?.[currency] ?? 0n]));
  }

  /** How often each flow completed at each party, and how many transactions each has. */
  async counts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const role of ROLES)
      for (const { what, count } of await this.query<Counted>(role, COUNTS))
        counts[`${role} ${what}`] = count;
    const [row] = await this.query<Counted>("notary", NOTARISED);
    return { ...counts, notarised: row?.count ?? 0 };
  }

  async query<T extends object>(name: string, text: string): Promise<T[]> {
    const connectionString = this.#party("bank").databaseUrl.replace("/bank?", `/${name}?`);
    const client = new pg.Client({ connectionString });
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

  #pointsOf(name: string): string {
    return join(this.#folder, `${name}.points`);
  }
}

type Counted = { what: string; count: number };

const UNDELIVERED = "select count(*)::int as count from flow.outbox";
/** What failed at a responder was begun for a flow that its initiator knows nothing of any more. */
const COUNTS = `
  select flow || case when initiator is null then '' else '~' end || ' ' || status as what,
         count(*)::int as count
    from flow.flows where status = 'COMPLETED' or initiator is null group by 1
  union all select 'transactions', count(*)::int from ledger.transactions`;
const NOTARISED = "select 'notarised' as what, count(*)::int as count from notary.notarised";

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + RECOVERY_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}
