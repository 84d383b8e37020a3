import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIFECYCLE_STEPS } from "../../src/demo/lifecycle-steps.ts";
import { countsOf, roundsOf, titleOf } from "../crash/crash-plan.ts";
import { CrashedLifecycles } from "../crash/crashed-lifecycles.ts";
import { MemoryGround } from "../crash/memory-ground.ts";

/** Of one set of nodes: what was killed leaves something behind in this process. */
const LIFECYCLES_MAX = 20;

let lifecycles = await CrashedLifecycles.on(await MemoryGround.start());
afterAll(async () => await lifecycles.stop());

// The points come from a lifecycle that nothing happens to, so that a new effect is a new row here.
const { points } = lifecycles;
const rounds = roundsOf(points);
const order = rounds.flat();

test("every party passes points of its own in every flow that it takes part in", () => {
  const counts = countsOf(points);
  console.log(`${points.length} points in ${rounds.length} lifecycles`, counts);
  for (const { flow, party } of LIFECYCLE_STEPS)
    expect(counts[`${party} in ${flow}`], flow).toBeGreaterThan(15);
  expect(counts["buyer in invoice/issue"]).toBeGreaterThan(10);
  expect(counts["seller in receivable/assign"]).toBeGreaterThan(15);
  expect(counts["lender in invoice/pay"]).toBeGreaterThan(15);
  expect(counts["seller in receivable/settle"]).toBeGreaterThan(15);
});

describe.each(rounds.map((round) => [round]))("in a lifecycle", (round) => {
  beforeAll(async () => {
    if (!lifecycles.isSpoilt && lifecycles.begun <= LIFECYCLES_MAX) return;
    await lifecycles.stop();
    lifecycles = await CrashedLifecycles.on(await MemoryGround.start());
  });

  test.each(round.map((crash) => [titleOf(crash), crash] as const))(
    "%s",
    async (_, crash) => await lifecycles.crash(crash, order),
  );

  test("nothing is lost, done twice or stuck", async () => await lifecycles.finish());
});
