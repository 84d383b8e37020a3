import { randomBytes } from "node:crypto";
import type { Clock, Random } from "@stateset/flow";

/** The machine's own time and timers. */
export const systemClock: Clock = {
  now: Date.now,
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = (bytes) => new Uint8Array(randomBytes(bytes));
