import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIFECYCLE_STEPS } from "../../src/demo/lifecycle-steps.ts";
import { countsOf, type Round, roundsOf } from "../crash/crash-plan.ts";
import { CrashedTrade } from "../crash/crashed-trade.ts";

/** Between two lifecycles: what was killed leaves something behind in this process. */
const LIFECYCLES_MAX = 20;

let trade = await CrashedTrade.start();
afterAll(async () => await trade.stop());

// The points come from a lifecycle that nothing happens to, so that a new effect is a new row here.
const crashes = trade.points;
const rounds: [which: number, Round][] = roundsOf(crashes).map((round, i) => [i + 1, round]);
const steps = LIFECYCLE_STEPS.map(({ name }) => name);

test("every party passes points of its own in every flow", () => {
  const counts = countsOf(crashes);
  console.log(`${crashes.length} points in ${rounds.length} lifecycles`, counts);
  for (const each of LIFECYCLE_STEPS)
    expect(counts[`${each.party} in ${each.flow}`], each.flow).toBeGreaterThan(15);
  expect(counts["seller in receivable/assign"]).toBeGreaterThan(15);
  expect(counts["lender in invoice/pay"]).toBeGreaterThan(15);
  expect(counts["buyer in receivable/settle"] ?? 0).toBe(0);
});

describe.each(rounds)("lifecycle %i", (_, round) => {
  beforeAll(async () => {
    if (!trade.isSpoilt && trade.lifecycles < LIFECYCLES_MAX) return;
    await trade.stop();
    trade = await CrashedTrade.start();
  });

  test.each(
    steps.flatMap((step) => {
      const crash = round.get(step);
      return crash === undefined ? [] : [crash];
    }),
  )("$step: $victim killed at $point", async (crash) => await trade.crash(crash));

  test("everything is done once, all books agree, and the money is all there", async () => {
    await trade.finish();
  });
});
