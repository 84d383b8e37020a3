import { afterAll, describe, expect, test } from "vitest";
import { countsOf, type Round, roundsOf, withoutRepetitions } from "./crash-plan.ts";
import { CrashedLifecycles } from "./crashed-lifecycles.ts";
import { LIFECYCLE_STEPS } from "../../src/demo/lifecycle-steps.ts";

const t0 = performance.now();
const lifecycles = await CrashedLifecycles.start();
console.log("start", performance.now() - t0);
afterAll(() => lifecycles.stop());
const crashes = withoutRepetitions(lifecycles.points);
const rounds: [number, Round][] = roundsOf(crashes).map((round, i) => [i + 1, round]);
console.log(lifecycles.points.length, crashes.length, rounds.length, countsOf(crashes), rounds.map(([, r]) => r.size).join());

describe.each(rounds.slice(0, 2))("lifecycle %i", (_, round) => {
  test.each(LIFECYCLE_STEPS.flatMap(({ name }) => { const c = round.get(name); return c ? [c] : []; }))("$step: $victim killed at $point", async (crash) => {
    await lifecycles.crash(crash);
  });
  test("books", async () => { await lifecycles.finish(); });
});
void expect;
