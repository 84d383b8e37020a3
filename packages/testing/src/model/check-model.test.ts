import fc from "fast-check";
import { expect, test } from "vitest";
import { checkModel } from "./check-model.ts";
import { type ModelRuns, modelRuns } from "./model-runs.ts";

const SHORT = { sequences: 50, stepsMax: 10 };

/** Fails once the steps of a sequence come to more than ten. */
async function failure(runs: ModelRuns): Promise<Error & { played: number }> {
  let played = 0;
  const open = async () => async (steps: readonly number[]) => {
    played++;
    const sum = steps.reduce((total, step) => total + step, 0);
    if (sum > 10) throw new RangeError(`${sum} are too many`);
  };
  const step = fc.nat({ max: 9 });
  try {
    await checkModel({ runs, first: step, next: step, open });
  } catch (error) {
    return Object.assign(error as Error, { played });
  }
  throw new Error("nothing fails");
}

test("of a sequence that fails, a short one is shown, and repeated by what is printed", async () => {
  const found = await failure({ ...SHORT, seed: 7 });
  const [first = "", ...steps] = found.message.split("\n");
  expect(found.cause).toEqual(new RangeError("11 are too many"));
  expect(steps.length).toBeLessThanOrEqual(3);
  const [, seed, path] = /STATESET_MODEL_SEED=(\d+) STATESET_MODEL_PATH=(\S+)$/.exec(first) ?? [];
  const environment = { STATESET_MODEL_SEED: seed, STATESET_MODEL_PATH: path };
  const again = await failure(modelRuns(SHORT, environment));
  expect(again.message.split("\n").slice(1)).toEqual(steps);
  expect(again.played).toBeLessThan(found.played);
});

test("as many sequences are played as are asked for, on several openings", async () => {
  let [opened, played, longest] = [0, 0, 0];
  await checkModel({
    runs: { sequences: 600, stepsMax: 5, seed: 7 },
    first: fc.constant("first"),
    next: fc.constant("next"),
    open: async () => {
      opened++;
      return async ([first, ...rest]) => {
        played++;
        longest = Math.max(longest, 1 + rest.length);
        expect([first, ...new Set(rest)]).toEqual(rest.length > 0 ? ["first", "next"] : ["first"]);
      };
    },
  });
  expect([played, longest]).toEqual([600, 5]);
  expect(opened).toBeGreaterThan(1);
});

test("how long a model test goes on is the environment's to say", () => {
  expect(modelRuns(SHORT, {})).toMatchObject(SHORT);
  const long = { STATESET_MODEL_SEQUENCES: "10000", STATESET_MODEL_SEED: "12" };
  expect(modelRuns(SHORT, long)).toEqual({ sequences: 10_000, stepsMax: 10, seed: 12 });
  for (const STATESET_MODEL_SEQUENCES of ["", "0", "-1", "1e4", "many"])
    expect(() => modelRuns(SHORT, { STATESET_MODEL_SEQUENCES })).toThrow(RangeError);
});
