import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import type { PlannedCrash } from "./crash-plan.ts";
import type { Counts, Disturbance, FlowRequest, Ground } from "./crashed-lifecycles.ts";
import { until } from "./until.ts";

type FlowAnswer = { status: string; result?: Record<string, unknown>; error?: object };

const ROLES: readonly Role[] = ["bank", "seller", "buyer", "lender"];
const VICTIMS: readonly string[] = [...ROLES, "notary"];
const RECOVERY_MS = 60_000;
const WAIT_SECONDS = 60;
const LOOK_AGAIN_MS = 25;

/** The parties of a lifecycle and their notary as processes, and what their databases hold. */
export class ProcessGround implements Ground {
  readonly document: Buffer;
  readonly legalNames: Readonly<Record<Role, string>>;
  readonly #network: LocalNetwork;
  readonly #nodes: readonly NodeClient[];
  readonly #folder: string;
  readonly #deaths: Set<string>;
  /** What each process was started to die of. */
  readonly #armed = new Map<string, PlannedCrash>();

  private constructor(
    network: LocalNetwork,
    on: { nodes: Record<Role, NodeClient>; document: Buffer; folder: string; deaths: Set<string> },
  ) {
    const { bank, seller, buyer, lender } = on.nodes;
    this.#network = network;
    this.#nodes = [bank, seller, buyer, lender];
    this.document = on.document;
    this.legalNames = {
      bank: bank.legalName,
      seller: seller.legalName,
      buyer: buyer.legalName,
      lender: lender.legalName,
    };
    this.#folder = on.folder;
    this.#deaths = on.deaths;
  }

  /** Starts processes that tell the points that they pass. */
  static async start(): Promise<ProcessGround> {
    const document = sampleDocument("invoice-eur-standard.xml");
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
    const { parties: nodes } = await connectNodes(network.running);
    const ground = new ProcessGround(network, { nodes, document, folder, deaths });
    for (const name of VICTIMS) {
      writeFileSync(ground.#pointsOf(name), "");
      await ground.#restart(name, { STATESET_POINTS_FILE: ground.#pointsOf(name) });
    }
    return ground;
  }

  /** @param isKept whether logs and databases stay, for somebody to find out what has happened */
  async stop(isKept: boolean): Promise<void> {
    if (!isKept) return await this.#network.remove();
    await this.#network.stop();
    console.log(`what the nodes have logged is in ${this.#folder}`);
  }

  now(): number {
    return Date.now();
  }

  async holds(role: Role, txId: string): Promise<void> {
    await this.#nodes.find(({ name }) => name === role)?.holds(txId);
  }

  async run(role: Role, request: FlowRequest, by?: Disturbance): Promise<Record<string, unknown>> {
    if (by !== undefined) {
      const { victim } = by.crash;
      if (this.#armed.get(victim) !== by.crash) {
        // What is still under way would be counted with what comes.
        await this.quiet();
        await this.#arm(victim, by.crash);
      }
      const first = this.#ask(role, request);
      await until(() => this.#deaths.has(victim), `${victim} has died`);
      await this.#arm(victim, by.next);
      await first;
    }
    const answer = await this.#ask(role, request);
    const { flow, clientId } = request;
    const { status, error } = answer ?? {};
    const asked = { flow, clientId };
    expect({ ...asked, status, error }).toEqual({ ...asked, status: "COMPLETED" });
    return answer?.result ?? {};
  }

  async quiet(): Promise<void> {
    const isQuiet = async (node: NodeClient) =>
      (await node.unfinished()).length === 0 && (await node.openSessions()) === 0;
    for (const node of this.#nodes)
      await until(() => isQuiet(node), `${node.name} has nothing under way`, LOOK_AGAIN_MS);
  }

  pointsPassed(): [victim: string, points: string[]][] {
    return VICTIMS.map((name) => {
      const points = readFileSync(this.#pointsOf(name), "utf8").split("\n");
      writeFileSync(this.#pointsOf(name), "");
      return [name, points.filter((point) => point !== "")];
    });
  }

  async pointsKnown(): Promise<void> {
    for (const name of VICTIMS) await this.#restart(name, {});
  }

  /** Flows completed and transactions of each party, and what is notarised. */
  async counts(): Promise<Counts> {
    const counts: Counts = {};
    for (const role of ROLES)
      for (const { what, count } of await this.#query(role, COUNTS))
        counts[`${role} ${what}`] = count;
    for (const { what, count } of await this.#query("notary", NOTARISED)) counts[what] = count;
    return counts;
  }

  async assertBooksAgree(): Promise<void> {
    const { differences } = await reconcile(this.#nodes, { waitMs: RECOVERY_MS });
    expect(differences).toEqual([]);
    const undelivered = async (role: Role) => (await this.#query(role, UNDELIVERED))[0]?.count;
    for (const role of ROLES)
      await until(async () => (await undelivered(role)) === 0, `${role} has delivered all`);
  }

  async balances(): Promise<Record<Role, bigint>> {
    const [bank, seller, buyer, lender] = await Promise.all(
      this.#nodes.map(async (node) => {
        const coins = await node.states("cash/cash", { status: "unconsumed", isOurs: true });
        const amounts = coins.map(
          ({ state }) => (state.amount as { minorUnits: string }).minorUnits,
        );
        return amounts.reduce((sum, each) => sum + BigInt(each), 0n);
      }),
    );
    return { bank, seller, buyer, lender } as Record<Role, bigint>;
  }

  /** Starts a process, running or not, that will kill itself, or will not. */
  async #arm(name: string, crash: PlannedCrash | undefined): Promise<void> {
    if (crash === undefined) this.#armed.delete(name);
    else this.#armed.set(name, crash);
    await this.#restart(name, crash === undefined ? {} : { STATESET_CRASH_POINT: crash.point });
  }

  async #restart(name: string, told: NodeJS.ProcessEnv): Promise<void> {
    this.#deaths.delete(name);
    await this.#network.restart(name, { ...process.env, ...told });
  }

  /** Asks once; undefined where no answer came, as the node is away or went away. */
  async #ask(role: Role, request: FlowRequest): Promise<FlowAnswer | undefined> {
    const { rest, token } = this.#party(role);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const asked = { method: "POST", body: JSON.stringify(request) };
    try {
      const response = await fetch(`${rest}/v1/flows`, {
        ...asked,
        headers: { ...headers, prefer: `wait=${WAIT_SECONDS}` },
      });
      return (await response.json()) as FlowAnswer;
    } catch {
      return undefined;
    }
  }

  async #query(name: string, text: string): Promise<Counted[]> {
    const connectionString = this.#party("bank").databaseUrl.replace("/bank?", `/${name}?`);
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return (await client.query<Counted>(text)).rows;
    } finally {
      await client.end();
    }
  }

  #party(name: string): RunningParty {
    const party = this.#network.running.parties.find((each) => each.name === name);
    if (party === undefined) throw new Error(`no party ${name}`);
    return party;
  }

  #pointsOf(name: string): string {
    return join(this.#folder, `${name}.points`);
  }
}

type Counted = { what: string; count: number };

const UNDELIVERED = "select 'undelivered' as what, count(*)::int as count from flow.outbox";
/**
 * What failed at a responder was begun for a flow that its initiator knows nothing of any more. News
 * is told again by whoever was killed before it knew that it had told it, and counts once.
 */
const COUNTS = `
  select flow || case when initiator is null then ' ' else '~responder ' end || status as what,
         count(distinct case when flow like '%/news' then result::jsonb->>'transactionId'
                             else id::text end)::int as count
    from flow.flows where status = 'COMPLETED' or initiator is null group by 1
  union all select 'transactions', count(*)::int from ledger.transactions`;
const NOTARISED = "select 'notarised' as what, count(*)::int as count from notary.notarised";
