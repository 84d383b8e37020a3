import { randomInt } from "node:crypto";
import { type Crash, planned } from "./crash-plan.ts";

/** One of so many points is met, another one with each seed; 1 is all of them. */
export const CRASH_SHARE = Number(process.env.STATESET_CRASH_SHARE ?? 8);
export const CRASH_SEED = Number(process.env.STATESET_CRASH_SEED ?? randomInt(1_000_000));

/** Where title and money change hands, every point is met each time. */
const WHOLE = ["receivable/assign", "invoice/pay", "receivable/settle"];

export function shareOf(crashes: readonly Crash[]): Crash[] {
  return crashes.filter(
    ({ step }, index) =>
      WHOLE.includes(planned(step).flow) || (index + CRASH_SEED) % CRASH_SHARE === 0,
  );
}
