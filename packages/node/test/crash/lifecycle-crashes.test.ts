import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIFECYCLE_STEPS } from "../../src/demo/lifecycle-steps.ts";
import { countsOf, roundsOf, titleOf, withoutRepetitions } from "./crash-plan.ts";
import { CRASH_SEED, CRASH_SHARE, shareOf } from "./crash-share.ts";
import { CrashedLifecycles } from "./crashed-lifecycles.ts";
import { ProcessGround } from "./process-ground.ts";

/** Two restarts and a flow on a machine that is busy with much else. */
const CRASH_MAX_MS = 240_000;

let lifecycles = await CrashedLifecycles.on(await ProcessGround.start());
afterAll(async () => await lifecycles.stop());

// The points come from a lifecycle that nothing happens to, so that a new effect is a new row here.
const points = withoutRepetitions(lifecycles.points);
const counts = countsOf(lifecycles.points);
const chosen = shareOf(points);
const rounds = roundsOf(chosen);
const order = rounds.flat();
console.log(
  `STATESET_CRASH_SHARE=${CRASH_SHARE} STATESET_CRASH_SEED=${CRASH_SEED}: ` +
    `${chosen.length} of ${points.length} points in ${rounds.length} lifecycles`,
  countsOf(points),
);

describe("killed with -9", () => {
  test("every process passes points of its own in every flow that it takes part in", () => {
    for (const { flow, party } of LIFECYCLE_STEPS) {
      expect(counts[`${party} in ${flow}`], flow).toBeGreaterThan(15);
      expect(counts[`notary in ${flow}`], flow).toBeGreaterThanOrEqual(3);
    }
    expect(counts["buyer in invoice/issue"]).toBeGreaterThan(10);
    expect(counts["seller in receivable/assign"]).toBeGreaterThan(15);
    expect(counts["lender in invoice/pay"]).toBeGreaterThan(15);
    expect(counts["seller in receivable/settle"]).toBeGreaterThan(15);
  });

  describe.each(rounds.map((round) => [round]))("in a lifecycle", (round) => {
    beforeAll(async () => {
      if (!lifecycles.isSpoilt) return;
      await lifecycles.stop();
      lifecycles = await CrashedLifecycles.on(await ProcessGround.start());
    }, CRASH_MAX_MS);

    test.each(round.map((crash) => [titleOf(crash), crash] as const))(
      "%s",
      async (_, crash) => await lifecycles.crash(crash, order),
      CRASH_MAX_MS,
    );

    test(
      "nothing is lost, done twice or stuck",
      async () => await lifecycles.finish(),
      CRASH_MAX_MS,
    );
  });
});
