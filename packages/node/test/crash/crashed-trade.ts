import { setTimeout as sleep } from "node:timers/promises";
import type { TransactionId } from "@stateset/ledger";
import { expect } from "vitest";
import { type Role, resultOf } from "../../src/demo/lifecycle-facts.ts";
import { LIFECYCLE_STEPS, type PlannedStep } from "../../src/demo/lifecycle-steps.ts";
import { assertBooksAgree } from "../trade/books.ts";
import { TradeNodes } from "../trade/trade-nodes.ts";
import { type Crash, crashesAt } from "./crash-plan.ts";
import { beginWalk, type LifecycleWalk } from "./lifecycle-walk.ts";

const ROLES = ["bank", "seller", "buyer", "lender"] as const satisfies Role[];
const LINEAR_TYPES = [
  "invoice/invoice",
  "receivable/offer",
  "receivable/receivable",
  "receivable/notice",
];
const WAIT_MAX_MS = 30_000;
/** After this what is written lazily has been. */
const LAZY_MS = 1000;
const PAGE = 500;

type Counts = Record<string, number>;

/** Parties over memory that take one lifecycle after the other, and are killed meanwhile. */
export class CrashedTrade {
  /** Every point that a party passes in a lifecycle that nothing happens to. */
  readonly points: Crash[] = [];
  readonly #trade: TradeNodes;
  #walk: LifecycleWalk;
  /** What one lifecycle leaves behind where nothing happens to it. */
  #perLifecycle: Counts = {};
  readonly #balances: Record<Role, bigint> = { bank: 0n, seller: 0n, buyer: 0n, lender: 0n };
  /** Lifecycles begun, and steps taken of the last of them. */
  #begun = 0;
  #taken = 0;
  #isSpoilt = false;

  private constructor(trade: TradeNodes) {
    this.#trade = trade;
    this.#walk = this.#begin();
  }

  /** Takes one lifecycle that nothing happens to. */
  static async start(): Promise<CrashedTrade> {
    const crashed = new CrashedTrade(await TradeNodes.start());
    await crashed.#takeUndisturbed();
    return crashed;
  }

  get lifecycles(): number {
    return this.#begun;
  }

  get isSpoilt(): boolean {
    return this.#isSpoilt;
  }

  async #takeUndisturbed(): Promise<void> {
    const { points } = this.#trade.nodes;
    for (const step of LIFECYCLE_STEPS) {
      points.length = 0;
      await this.#take(step);
      for (const role of ROLES) {
        const prefix = `${this.#trade.nameOf(role)}:`;
        const own = points.filter((point) => point.startsWith(prefix));
        const names = own.map((point) => point.slice(prefix.length).replace(/#\d+$/, ""));
        this.points.push(...crashesAt(step.name, role, names));
      }
    }
    this.#perLifecycle = await this.#counts();
    await this.#assertMoney();
    this.#walk = this.#begin();
  }

  /** Takes all steps up to one, and kills a party in that one. */
  async crash(crash: Crash): Promise<void> {
    if (this.#isSpoilt) throw new Error("the lifecycle did not get as far");
    this.#isSpoilt = true;
    for (const step of LIFECYCLE_STEPS.slice(this.#taken))
      if (step.name === crash.step) break;
      else await this.#take(step);
    await this.#take(LIFECYCLE_STEPS[this.#taken] as PlannedStep, crash);
    this.#isSpoilt = false;
  }

  /** Takes the steps that are left, and asserts that all is as if nothing had happened. */
  async finish(): Promise<void> {
    if (this.#isSpoilt) throw new Error("the lifecycle did not get as far");
    this.#isSpoilt = true;
    for (const step of LIFECYCLE_STEPS.slice(this.#taken)) await this.#take(step);
    await assertBooksAgree(this.#trade);
    const expected = Object.entries(this.#perLifecycle).map(([what, n]) => [what, n * this.#begun]);
    expect(await this.#counts()).toEqual(Object.fromEntries(expected));
    await this.#assertMoney();
    this.#walk = this.#begin();
    this.#isSpoilt = false;
  }

  async stop(): Promise<void> {
    await this.#trade.stop();
  }

  #begin(): LifecycleWalk {
    const { document, clock } = this.#trade;
    this.#begun += 1;
    this.#taken = 0;
    const [bank, seller, buyer, lender] = ROLES.map((role) => this.#trade.node(role).party.name);
    const legalNames = { bank, seller, buyer, lender } as Record<Role, string>;
    return beginWalk({ legalNames, document, which: this.#begun, now: clock.now() });
  }

  /** A step as a user takes it, who asks again for the same where no answer came. */
  async #take({ name, party, flow, input, answers }: PlannedStep, crash?: Crash): Promise<void> {
    const walk = this.#walk;
    if (answers !== undefined)
      await this.#holds(party, resultOf(walk.results, answers, "transactionId"));
    const request = { flow, input: input(walk), clientId: `${this.#begun} ${name}` };
    const run = async () => {
      const { engine } = this.#trade.node(party);
      return await engine.ended((await engine.start({ ...request, startedBy: "test" })).id);
    };
    if (crash !== undefined) {
      const killed = this.#killedAt(crash);
      const first = run().catch(() => undefined);
      await killed;
      await this.#trade.node(crash.victim).restart();
      // Of a process that was killed no answer comes.
      if (crash.victim !== party) await first;
    }
    const { status, error, result = "{}" } = await run();
    expect({ flow, status, error }).toEqual({ flow, status: "COMPLETED", error: undefined });
    walk.results.set(name, JSON.parse(result));
    if (flow === "cash/issue") this.#trade.issued += walk.ubl.totals.payable;
    this.#taken += 1;
    await this.#quiet();
  }

  #killedAt({ victim, point }: Crash): Promise<void> {
    const { nodes } = this.#trade;
    const node = this.#trade.node(victim);
    const [, name, passage] = /^(.*)#(\d+)$/.exec(point) ?? [];
    let left = Number(passage);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${point} was not passed`)), WAIT_MAX_MS);
      nodes.onPoint = (of, at) => {
        if (of !== this.#trade.nameOf(victim) || at.replace(/#\d+$/, "") !== name) return;
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

  async #holds(role: string, txId: string): Promise<void> {
    const find = () => this.#trade.node(role).engine.transaction(txId as TransactionId);
    await until(async () => (await find()) !== undefined, `${role} holds ${txId}`);
  }

  /** The points of a step are those that are passed until nothing is under way any more. */
  async #quiet(): Promise<void> {
    const nodes = ROLES.map((role) => this.#trade.node(role));
    await until(() => {
      const stats = nodes.map(({ engine }) => engine.stats());
      return stats.every(({ running, sessions }) => running === 0 && sessions === 0);
    }, "nothing is under way");
    this.#trade.clock.advance(LAZY_MS);
  }

  /** Flows completed and versions of states, for each party. */
  async #counts(): Promise<Counts> {
    const counts: Counts = {};
    for (const role of ROLES) {
      for (const what of await this.#completed(role))
        counts[`${role} ${what}`] = (counts[`${role} ${what}`] ?? 0) + 1;
      for (const type of LINEAR_TYPES) counts[`${role} ${type}`] = await this.#versions(role, type);
    }
    return counts;
  }

  async #completed(role: Role): Promise<string[]> {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { statuses: ["COMPLETED"] as const, limit: PAGE, ...(cursor && { cursor }) };
      const page = await this.#trade.node(role).store.flows(query);
      for (const { flow, initiator } of page.items) found.push(initiator ? `${flow}~` : flow);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  async #versions(role: Role, of: string): Promise<number> {
    const [contract = "", type = ""] = of.split("/");
    let count = 0;
    let cursor: string | undefined;
    do {
      const query = { contract, type, status: "all", limit: PAGE, ...(cursor && { cursor }) } as const;
      const page = await this.#trade.node(role).store.query(query);
      count += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return count;
  }

  /** All is assigned and paid on one day, and so costs the fee only. */
  async #assertMoney(): Promise<void> {
    const { payable } = this.#walk.ubl.totals;
    const fee = (payable * 5n) / 1000n;
    this.#balances.seller += payable - fee;
    this.#balances.lender += payable + fee;
    const balances = ROLES.map(async (role) => [role, await this.#trade.balance(role)]);
    expect(Object.fromEntries(await Promise.all(balances))).toEqual(this.#balances);
  }
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + WAIT_MAX_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(2);
  }
}
