import type { FlowStatus } from "@stateset/flow";
import type { TransactionId } from "@stateset/ledger";
import { expect } from "vitest";
import type { Role } from "../../src/demo/lifecycle-facts.ts";
import { assertBooksAgree } from "../trade/books.ts";
import { TradeNodes } from "../trade/trade-nodes.ts";
import type { Crash } from "./crash-plan.ts";
import type { Counts, Disturbance, FlowRequest, Ground } from "./crashed-lifecycles.ts";
import { until } from "./until.ts";

const ROLES: readonly Role[] = ["bank", "seller", "buyer", "lender"];
const LINEAR_TYPES = [
  "invoice/invoice",
  "receivable/offer",
  "receivable/receivable",
  "receivable/notice",
];
/** After this what is written lazily has been. */
const LAZY_MS = 1000;
const COMPLETED: readonly FlowStatus[] = ["COMPLETED"];
const PAGE = 500;

/** Nodes of one process over memory; the notary is never killed. */
export class MemoryGround implements Ground {
  readonly #trade: TradeNodes;

  private constructor(trade: TradeNodes) {
    this.#trade = trade;
  }

  static async start(): Promise<MemoryGround> {
    return new MemoryGround(await TradeNodes.start());
  }

  async stop(): Promise<void> {
    await this.#trade.stop();
  }

  get document(): Buffer {
    return this.#trade.document;
  }

  get legalNames(): Record<Role, string> {
    const of = (role: Role) => this.#trade.node(role).party.name;
    return { bank: of("bank"), seller: of("seller"), buyer: of("buyer"), lender: of("lender") };
  }

  now(): number {
    return this.#trade.clock.now();
  }

  async holds(role: Role, txId: string): Promise<void> {
    const find = () => this.#trade.node(role).engine.transaction(txId as TransactionId);
    await until(async () => (await find()) !== undefined, `${role} holds ${txId}`);
  }

  async run(role: Role, request: FlowRequest, by?: Disturbance): Promise<Record<string, unknown>> {
    const run = async () => {
      const { engine } = this.#trade.node(role);
      return await engine.ended((await engine.start({ ...request, startedBy: "test" })).id);
    };
    if (by !== undefined) {
      const killed = this.#killedAt(by.crash);
      const first = run().catch(() => undefined);
      await killed;
      await this.#trade.node(by.crash.victim).restart();
      // From a process that was killed no answer comes.
      if (by.crash.victim !== role) await first;
    }
    const { status, error, result = "{}" } = await run();
    const { flow, clientId } = request;
    const asked = { flow, clientId };
    expect({ ...asked, status, error }).toEqual({ ...asked, status: "COMPLETED" });
    if (flow === "cash/issue") this.#trade.issued += amountOf(request.input);
    await this.quiet();
    return JSON.parse(result) as Record<string, unknown>;
  }

  async quiet(): Promise<void> {
    const nodes = ROLES.map((role) => this.#trade.node(role));
    await until(() => {
      const stats = nodes.map(({ engine }) => engine.stats());
      return stats.every(({ running, sessions }) => running === 0 && sessions === 0);
    }, "nothing is under way");
    this.#trade.clock.advance(LAZY_MS);
  }

  pointsPassed(): [victim: string, points: string[]][] {
    const passed = this.#trade.nodes.points.splice(0);
    return ROLES.map((role) => {
      const prefix = `${this.#trade.nameOf(role)}:`;
      const own = passed.filter((point) => point.startsWith(prefix));
      return [role, own.map((point) => withoutPassage(point.slice(prefix.length)))];
    });
  }

  async pointsKnown(): Promise<void> {}

  /** Flows completed, and versions of states. */
  async counts(): Promise<Counts> {
    const counts: Counts = {};
    for (const role of ROLES) {
      const flows = await allPages((cursor) =>
        this.#trade.node(role).store.flows({ statuses: COMPLETED, limit: PAGE, ...cursor }),
      );
      // News may be told again by whoever was killed, and counts once.
      const news = new Set<string>();
      for (const { flow, initiator, result = "" } of flows) {
        if (flow.endsWith("/news") && news.has(result)) continue;
        if (flow.endsWith("/news")) news.add(result);
        const what = `${role} ${flow}${initiator === undefined ? "" : "~responder"}`;
        counts[what] = (counts[what] ?? 0) + 1;
      }
      for (const type of LINEAR_TYPES) counts[`${role} ${type}`] = await this.#versions(role, type);
    }
    return counts;
  }

  async assertBooksAgree(): Promise<void> {
    await assertBooksAgree(this.#trade);
  }

  async balances(): Promise<Record<Role, bigint>> {
    const of = (role: Role) => this.#trade.balance(role);
    const [bank, seller, buyer, lender] = await Promise.all(ROLES.map(of));
    return { bank, seller, buyer, lender } as Record<Role, bigint>;
  }

  async #versions(role: Role, of: string): Promise<number> {
    const [contract = "", type = ""] = of.split("/");
    const query = { contract, type, status: "all", limit: PAGE } as const;
    const { store } = this.#trade.node(role);
    return (await allPages((cursor) => store.query({ ...query, ...cursor }))).length;
  }

  #killedAt({ victim, point }: Crash): Promise<void> {
    const { nodes } = this.#trade;
    const node = this.#trade.node(victim);
    let left = Number(point.split("#")[1]);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${point} was not passed`)), 30_000);
      nodes.onPoint = (of, at) => {
        if (of !== this.#trade.nameOf(victim)) return;
        if (withoutPassage(at) !== withoutPassage(point)) return;
        left -= 1;
        if (left > 0) return;
        nodes.onPoint = undefined;
        clearTimeout(late);
        node.crash();
        // What is left of it in this process must not go on trying for ever.
        void node.engine.stop().catch(() => {});
        resolve();
      };
    });
  }
}

type Cursor = { cursor?: string };

async function allPages<T>(
  ask: (cursor: Cursor) => Promise<{ items: T[]; nextCursor?: string }>,
): Promise<T[]> {
  const found: T[] = [];
  let cursor: Cursor | undefined = {};
  while (cursor !== undefined) {
    const { items, nextCursor }: { items: T[]; nextCursor?: string } = await ask(cursor);
    found.push(...items);
    cursor = nextCursor === undefined ? undefined : { cursor: nextCursor };
  }
  return found;
}

function withoutPassage(point: string): string {
  return point.replace(/#\d+$/, "");
}

function amountOf(input: object): bigint {
  return BigInt((input as { amount: { minorUnits: string } }).amount.minorUnits);
}
