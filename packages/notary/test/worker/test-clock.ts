import type { Clock } from "@stateset/flow";

/** Time that moves only when it is told to; what is due then is called at once. */
export class TestClock implements Clock {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers)
      if (timer.at <= this.#now) {
        this.#timers.delete(timer);
        timer.callback();
      }
  }

  /** Lets time pass in small steps until the promise settles. */
  async until<T>(promise: Promise<T>, stepMs = 100): Promise<T> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    while (!isSettled) {
      await turn();
      if (!isSettled) this.advance(stepMs);
    }
    return await promise;
  }
}

/** Lets all that is ready happen, across as many links of the network as a question crosses. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}
