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

const POOL_BYTES = 4096;
let pool = new Uint8Array();
let used = 0;

/** Taken from OpenSSL many at a time: asking costs as much for one session's id as for hundreds. */
export const systemRandom: Random = (bytes) => {
  if (bytes > POOL_BYTES) return new Uint8Array(randomBytes(bytes));
  if (used + bytes > pool.length) {
    pool = new Uint8Array(randomBytes(POOL_BYTES));
    used = 0;
  }
  const random = pool.slice(used, used + bytes);
  pool.fill(0, used, used + bytes); // What was given is nobody else's to read.
  used += bytes;
  return random;
};
