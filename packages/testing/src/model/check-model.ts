import fc from "fast-check";
import type { ModelRuns } from "./model-runs.ts";

/** So many sequences share what `open` opens: it may grow with each. */
const SEQUENCES_PER_OPENING = 250;
/** One step in so many is left out, and any that a failure does not need. */
const PRESENT = 10;

/**
 * Plays random sequences of steps against a model and the real thing at once. `open` makes what
 * plays one sequence, and throws where model and reality part; it starts each sequence anew, so
 * that a sequence fails by itself or not at all. Of one that fails, a shorter one that fails as
 * well is reported, with the environment that repeats it.
 */
export async function checkModel<Step>(model: {
  runs: ModelRuns;
  first: fc.Arbitrary<Step>;
  next: fc.Arbitrary<Step>;
  open: () => Promise<(sequence: readonly Step[]) => Promise<void>>;
}): Promise<void> {
  const { runs, first, next, open } = model;
  const { sequences, stepsMax, path } = runs;
  const length = { minLength: stepsMax - 1, maxLength: stepsMax - 1 };
  const rest = fc.array(fc.option(next, { freq: PRESENT }), length);
  const steps = fc
    .tuple(first, rest)
    .map(([step, others]) => [step, ...others.filter((each) => each !== null)]);
  for (let done = 0, seed = runs.seed; done < sequences; done += SEQUENCES_PER_OPENING, seed++) {
    const play = await open();
    const numRuns = Math.min(SEQUENCES_PER_OPENING, sequences - done);
    const options = { seed, numRuns, ...(path !== undefined && { path }) };
    const found = await fc.check(fc.asyncProperty(steps, play), options);
    if (!found.failed) continue;
    const replay = `STATESET_MODEL_SEED=${seed} STATESET_MODEL_PATH=${found.counterexamplePath}`;
    const sequence = (found.counterexample?.[0] ?? []).map((step) => fc.stringify(step)).join("\n");
    const message = `a sequence fails after ${done + found.numRuns}; repeat it with ${replay}`;
    throw new Error(`${message}\n${sequence}`, { cause: found.errorInstance });
  }
}
