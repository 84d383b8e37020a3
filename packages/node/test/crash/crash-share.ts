import { randomInt } from "node:crypto";
import { type Crash, planned, titleOf } from "./crash-plan.ts";

/** One of so many points is met, another one with each seed; 1 is all of them. */
export const CRASH_SHARE = Number(process.env.STATESET_CRASH_SHARE ?? 8);
export const CRASH_SEED = Number(process.env.STATESET_CRASH_SEED ?? randomInt(1_000_000));

/** Leaves only the points whose titles have this in them; `-t` would leave others armed. */
const { STATESET_CRASH_ONLY: only } = process.env;

/** Where title and money change hands, every point is met each time. */
const WHOLE = ["receivable/assign", "invoice/pay", "receivable/settle"];

export function shareOf(crashes: readonly Crash[]): Crash[] {
  if (only !== undefined) return crashes.filter((crash) => titleOf(crash).includes(only));
  return crashes.filter(
    ({ step }, index) =>
      WHOLE.includes(planned(step).flow) || (index + CRASH_SEED) % CRASH_SHARE === 0,
  );
}
