/** How long a model test goes on, and from which seed. */
export type ModelRuns = {
  sequences: number;
  stepsMax: number;
  seed: number;
  /** Of fast-check: straight to the counterexample of an earlier run with the same seed. */
  path?: string;
};

/**
 * The short form that is given, unless the environment asks otherwise: `STATESET_MODEL_SEQUENCES`
 * for the long form, `STATESET_MODEL_SEED` and `STATESET_MODEL_PATH` to repeat a failure.
 */
export function modelRuns(
  short: { sequences: number; stepsMax: number },
  environment: { readonly [name: string]: string | undefined },
): ModelRuns {
  const { STATESET_MODEL_SEQUENCES, STATESET_MODEL_SEED, STATESET_MODEL_PATH } = environment;
  return {
    sequences: whole("STATESET_MODEL_SEQUENCES", STATESET_MODEL_SEQUENCES) ?? short.sequences,
    stepsMax: short.stepsMax,
    seed: whole("STATESET_MODEL_SEED", STATESET_MODEL_SEED) ?? Date.now() % SEEDS,
    ...(STATESET_MODEL_PATH === undefined ? {} : { path: STATESET_MODEL_PATH }),
  };
}

/** Seeds of fast-check are 32 bits; half of them leave room to count up from one. */
const SEEDS = 2 ** 30;

function whole(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9][0-9]{0,9}$/.test(value)) throw new RangeError(`${name} is ${value}, and no number`);
  return Number(value);
}
