import type { Timers } from "./timers.ts";

const RETRY_MS = 500;
const RETRY_MAX_MS = 30_000;
/** Beyond it the delay would not be shorter than the longest anyway. */
const DOUBLINGS_MAX = 7;

/** Flows that wait until what is away may be back, each time for longer. */
export class Retries {
  readonly #timers: Timers;
  readonly #attempts = new Map<string, number>();
  readonly #waiting = new Map<string, () => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  later(flowId: string, again: () => void): void {
    const attempt = (this.#attempts.get(flowId) ?? 0) + 1;
    this.#attempts.set(flowId, attempt);
    this.cancel(flowId);
    const delayMs = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(attempt, DOUBLINGS_MAX));
    const cancel = this.#timers.after(delayMs, () => {
      this.#waiting.delete(flowId);
      again();
    });
    this.#waiting.set(flowId, cancel);
  }

  /** Somebody else decides when it goes on. */
  cancel(flowId: string): void {
    this.#waiting.get(flowId)?.();
    this.#waiting.delete(flowId);
  }

  forget(flowId: string): void {
    this.cancel(flowId);
    this.#attempts.delete(flowId);
  }
}
