import { expect } from "vitest";
import { type Role, resultOf } from "../../src/demo/lifecycle-facts.ts";
import { LIFECYCLE_STEPS, type PlannedStep } from "../../src/demo/lifecycle-steps.ts";
import { armedNext, type Crash, crashesAt, type PlannedCrash, planned } from "./crash-plan.ts";
import { beginWalk, type LifecycleWalk } from "./lifecycle-walk.ts";

export type Counts = Record<string, number>;
export type FlowRequest = { flow: string; input: object; clientId: string };

/** What kills a process while a flow runs, and what it is to die of after that. */
export type Disturbance = { crash: PlannedCrash; next: PlannedCrash | undefined };

/** Nodes that lifecycles are taken on, over memory or as processes. */
export interface Ground {
  readonly document: Buffer;
  readonly legalNames: Readonly<Record<Role, string>>;
  now(): number;
  /** Resolves when a party has recorded a transaction. */
  holds(role: Role, txId: string): Promise<void>;
  /**
   * Runs a flow to its end, as a user does who asks again for the same where no answer came.
   * @returns its result
   */
  run(role: Role, request: FlowRequest, by?: Disturbance): Promise<Record<string, unknown>>;
  /** Nothing is under way at any party. */
  quiet(): Promise<void>;
  /** The points that each process has passed since this was asked for, in order. */
  pointsPassed(): [victim: string, points: string[]][];
  /** No more points are to be told. */
  pointsKnown(): Promise<void>;
  /** How much of everything there is at each party. */
  counts(): Promise<Counts>;
  assertBooksAgree(): Promise<void>;
  balances(): Promise<Record<Role, bigint>>;
  /** @param isKept whether what could tell what has happened stays */
  stop(isKept: boolean): Promise<void>;
}

/** One lifecycle after the other, while processes are killed. */
export class CrashedLifecycles {
  /** Every point that a process passes in a lifecycle that nothing happens to. */
  readonly points: Crash[] = [];
  readonly #on: Ground;
  readonly #balances: Record<Role, bigint> = { bank: 0n, seller: 0n, buyer: 0n, lender: 0n };
  /** What one lifecycle leaves behind where nothing happens to it. */
  #perLifecycle: Counts = {};
  #walk: LifecycleWalk;
  #begun = 0;
  #taken = 0;
  #isSpoilt = false;

  private constructor(on: Ground) {
    this.#on = on;
    this.#walk = this.#begin();
  }

  /** Takes one lifecycle that nothing happens to. */
  static async on(ground: Ground): Promise<CrashedLifecycles> {
    const lifecycles = new CrashedLifecycles(ground);
    try {
      await lifecycles.#takeUndisturbed();
      return lifecycles;
    } catch (error) {
      await ground.stop(true);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#on.stop(this.#isSpoilt);
  }

  /** Something was found that these lifecycles cannot go on from. */
  get isSpoilt(): boolean {
    return this.#isSpoilt;
  }

  get begun(): number {
    return this.#begun;
  }

  /**
   * Takes all steps up to one, of the next lifecycle where this one is past it, and has a process killed in that one.
   * @param order of all crashes, of which this is one
   */
  async crash(crash: PlannedCrash, order: readonly PlannedCrash[]): Promise<void> {
    const at = LIFECYCLE_STEPS.findIndex(({ name }) => name === crash.step);
    if (at < this.#taken) await this.finish();
    await this.#orSpoilt(async () => {
      for (const step of LIFECYCLE_STEPS.slice(this.#taken, at)) await this.#take(step);
      const next = armedNext(order, crash, this.points);
      await this.#take(planned(crash.step), { crash, next });
    });
  }

  /** Takes the steps that are left, and asserts that all is as if nothing had happened. */
  async finish(): Promise<void> {
    await this.#orSpoilt(async () => {
      for (const step of LIFECYCLE_STEPS.slice(this.#taken)) await this.#take(step);
      await this.#on.assertBooksAgree();
      const counts = Object.entries(this.#perLifecycle).map(([what, n]) => [what, n * this.#begun]);
      expect(await this.#on.counts()).toEqual(Object.fromEntries(counts));
      await this.#assertMoney();
      this.#walk = this.#begin();
    });
  }

  #begin(): LifecycleWalk {
    const { document, legalNames } = this.#on;
    this.#begun += 1;
    this.#taken = 0;
    return beginWalk({ legalNames, document, which: this.#begun, now: this.#on.now() });
  }

  async #orSpoilt(work: () => Promise<void>): Promise<void> {
    if (this.#isSpoilt) throw new Error("an earlier step of the lifecycle was not done");
    this.#isSpoilt = true;
    await work();
    this.#isSpoilt = false;
  }

  async #takeUndisturbed(): Promise<void> {
    for (const step of LIFECYCLE_STEPS) {
      await this.#take(step);
      await this.#on.quiet();
      for (const [victim, passed] of this.#on.pointsPassed())
        this.points.push(...crashesAt(step.name, victim, passed));
    }
    this.#perLifecycle = await this.#on.counts();
    await this.#assertMoney();
    await this.#on.pointsKnown();
    this.#walk = this.#begin();
  }

  async #take({ name, party, flow, input, answers }: PlannedStep, by?: Disturbance): Promise<void> {
    const { results } = this.#walk;
    if (answers !== undefined)
      await this.#on.holds(party, resultOf(results, answers, "transactionId"));
    const request = { flow, input: input(this.#walk), clientId: `${this.#begun} ${name}` };
    results.set(name, await this.#on.run(party, request, by));
    this.#taken += 1;
  }

  /** What each has after this lifecycle; the discount is nothing unless midnight has passed. */
  async #assertMoney(): Promise<void> {
    const { ubl, results } = this.#walk;
    const { payable } = ubl.totals;
    const fee = (payable * 5n) / 1000n;
    expect(resultOf(results, "settle", "fee")).toBe(`${fee}`);
    const costs = fee + BigInt(resultOf(results, "settle", "discount"));
    this.#balances.seller += payable - costs;
    this.#balances.lender += payable + costs;
    expect(await this.#on.balances()).toEqual(this.#balances);
  }
}
