import type { Clock } from "@stateset/flow";

type Timer = { at: number; callback: () => void; timeout?: NodeJS.Timeout };

/** A clock that runs from a given moment on, and that a test moves ahead: what falls due is called. */
export class MovableClock implements Clock {
  readonly #timers = new Set<Timer>();
  #aheadMs: number;

  constructor(start: string) {
    this.#aheadMs = Date.parse(start) - Date.now();
  }

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.now() + ms, callback };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      clearTimeout(timer.timeout);
      this.#timers.delete(timer);
    };
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
    for (const timer of this.#timers) this.#arm(timer);
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.timeout);
    timer.timeout = setTimeout(
      () => {
        this.#timers.delete(timer);
        timer.callback();
      },
      Math.max(0, timer.at - this.now()),
    );
  }
}
