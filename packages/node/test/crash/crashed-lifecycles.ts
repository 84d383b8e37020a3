import { expect } from "vitest";
import { type Role, resultOf } from "../../src/demo/lifecycle-facts.ts";
import { LIFECYCLE_STEPS, type PlannedStep } from "../../src/demo/lifecycle-steps.ts";
import { type Crash, crashesAt } from "./crash-plan.ts";
import { LifecycleNetwork, VICTIMS } from "./lifecycle-network.ts";
import { beginWalk, type LifecycleWalk } from "./lifecycle-walk.ts";

type Counts = Record<string, number>;

/** One lifecycle after the other on real processes, which are killed meanwhile. */
export class CrashedLifecycles {
  /** Every point that a process passes in a lifecycle that nothing happens to. */
  readonly points: Crash[] = [];
  readonly #on: LifecycleNetwork;
  readonly #balances: Record<Role, bigint> = { bank: 0n, seller: 0n, buyer: 0n, lender: 0n };
  /** What one lifecycle leaves behind where nothing happens to it. */
  #perLifecycle: Counts = {};
  #walk: LifecycleWalk;
  #begun = 0;
  #taken = 0;
  #isSpoilt = false;

  private constructor(on: LifecycleNetwork) {
    this.#on = on;
    this.#walk = this.#begin();
  }

  /** Takes one lifecycle that nothing happens to. */
  static async start(): Promise<CrashedLifecycles> {
    const on = await LifecycleNetwork.start();
    const crashed = new CrashedLifecycles(on);
    try {
      await crashed.#takeUndisturbed();
    } catch (error) {
      await on.stop();
      throw error;
    }
    return crashed;
  }

  /** Takes all steps up to one, and has a process killed in that one. */
  async crash(crash: Crash): Promise<void> {
    if (this.#isSpoilt) throw new Error("an earlier step was not done");
    this.#isSpoilt = true;
    for (const step of LIFECYCLE_STEPS.slice(this.#taken))
      if (step.name === crash.step) break;
      else await this.#take(step);
    await this.#take(LIFECYCLE_STEPS[this.#taken] as PlannedStep, crash);
    this.#isSpoilt = false;
  }

  /** Takes the steps that are left, and asserts that all is as if nothing had happened. */
  async finish(): Promise<void> {
    if (this.#isSpoilt) throw new Error("an earlier step was not done");
    this.#isSpoilt = true;
    for (const step of LIFECYCLE_STEPS.slice(this.#taken)) await this.#take(step);
    await this.#assertBooks();
    this.#isSpoilt = false;
  }

  async stop(): Promise<void> {
    await this.#on.stop();
  }

  #begin(): LifecycleWalk {
    const { document, legalNames } = this.#on;
    this.#begun += 1;
    this.#taken = 0;
    return beginWalk({ legalNames, document, which: this.#begun, now: Date.now() });
  }

  async #takeUndisturbed(): Promise<void> {
    await this.#on.tellPoints();
    for (const step of LIFECYCLE_STEPS) {
      await this.#take(step);
      await this.#on.quiet();
      for (const victim of VICTIMS)
        this.points.push(...crashesAt(step.name, victim, this.#on.pointsPassed(victim)));
    }
    this.#perLifecycle = await this.#on.counts();
    await this.#assertBooks();
    for (const victim of VICTIMS) await this.#on.restart(victim);
  }

  /** A step as a user takes it, who asks again for the same where no answer came. */
  async #take({ name, party, flow, input, answers }: PlannedStep, crash?: Crash): Promise<void> {
    const walk = this.#walk;
    if (answers !== undefined)
      await this.#on.holds(party, resultOf(walk.results, answers, "transactionId"));
    const body = { flow, input: input(walk), clientId: `${this.#begun} ${name}` };
    if (crash !== undefined) {
      const { victim, point } = crash;
      await this.#on.quiet();
      await this.#on.restart(victim, point);
      const first = this.#on.ask(party, body);
      await this.#on.hasDied(victim);
      await this.#on.restart(victim);
      await first;
    }
    const answer = await this.#on.ask(party, body);
    expect(answer).toMatchObject({ status: "COMPLETED" });
    walk.results.set(name, answer?.result ?? {});
    this.#taken += 1;
  }

  async #assertBooks(): Promise<void> {
    const { ubl, results } = this.#walk;
    const { payable } = ubl.totals;
    const [discount, fee] = ["discount", "fee"].map((of) => BigInt(resultOf(results, "settle", of)));
    const costs = (discount ?? 0n) + (fee ?? 0n);
    this.#balances.seller += payable - costs;
    this.#balances.lender += payable + costs;
    expect(fee).toBe((payable * 5n) / 1000n);
    expect(await this.#on.reconciled(ubl.currency)).toEqual(this.#balances);
    const expected = Object.entries(this.#perLifecycle).map(([what, n]) => [what, n * this.#begun]);
    expect(await this.#on.counts()).toEqual(Object.fromEntries(expected));
    this.#walk = this.#begin();
  }
}
