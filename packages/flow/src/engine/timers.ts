import type { Clock } from "../ports/clock.ts";

/** The longest that a timer of Node can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Timers that all end with the engine. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(ms: number, callback: () => void): () => void {
    const cancel = this.#clock.after(Math.min(ms, TIMER_MAX_MS), () => {
      this.#running.delete(cancel);
      callback();
    });
    this.#running.add(cancel);
    return () => {
      this.#running.delete(cancel);
      cancel();
    };
  }

  /** Resolves at the time given, in milliseconds since 1970, however far it is. */
  async until(time: number): Promise<void> {
    for (let left = time - this.#clock.now(); left > 0; left = time - this.#clock.now())
      await new Promise<void>((resolve) => {
        this.after(left, resolve);
      });
  }

  stop(): void {
    for (const cancel of this.#running) cancel();
    this.#running.clear();
  }
}
