import { createHash, randomInt } from "node:crypto";

/** Of the random instants of a drill; `STATESET_DRILL_SEED` repeats those of an earlier one. */
export const SEED = Number(process.env.STATESET_DRILL_SEED ?? randomInt(1_000_000));

/** Whole numbers from 0 to below a limit, the same ones for the same seed and name. */
export function seededInt(name: string): (below: number) => number {
  let drawn = 0;
  return (below) => {
    const text = `${SEED} ${name} ${drawn++}`;
    return createHash("sha256").update(text).digest().readUInt32BE() % below;
  };
}
