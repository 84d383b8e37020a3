import type { Clock } from "@stateset/flow";

const WINDOW_MS = 10_000;
const RETRY_AFTER_MS_MIN = 100;
const RETRY_AFTER_MS_MAX = 10_000;
/** Before anything was measured: a few blocks. */
const RETRY_AFTER_MS = 500;

/** How fast requests were answered lately, and so how long those that wait now will. */
export class Throughput {
  readonly #clock: Clock;
  #answered: { at: number; count: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  count(count: number): void {
    const at = this.#clock.now();
    this.#answered = this.#answered.filter((each) => each.at > at - WINDOW_MS);
    this.#answered.push({ at, count });
  }

  /** Milliseconds until so many are answered, at the rate measured. */
  waitOf(waiting: number): number {
    const now = this.#clock.now();
    const recent = this.#answered.filter(({ at }) => at > now - WINDOW_MS);
    const elapsedMs = now - (recent[0]?.at ?? now);
    // What the first one counted was done before the time that is measured.
    const count = recent.slice(1).reduce((sum, each) => sum + each.count, 0);
    if (count === 0 || elapsedMs === 0) return RETRY_AFTER_MS;
    const ms = Math.ceil((waiting * elapsedMs) / count);
    return Math.min(Math.max(ms, RETRY_AFTER_MS_MIN), RETRY_AFTER_MS_MAX);
  }
}
