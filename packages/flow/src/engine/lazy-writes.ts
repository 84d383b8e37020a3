import type { Log } from "../log.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store, Write } from "../ports/store.ts";

const IDLE_MS = 500;
const HELD_MAX = 256;

/**
 * Writes whose loss costs a repetition and nothing else, such as that a message was delivered: they
 * go along with the next commit, or alone when there is none for a while.
 */
export class LazyWrites {
  readonly #on: { store: Store; clock: Clock; log: Log };
  #held: Write[] = [];
  #cancel: (() => void) | undefined;

  constructor(on: { store: Store; clock: Clock; log: Log }) {
    this.#on = on;
  }

  add(write: Write): void {
    this.#held.push(write);
    if (this.#held.length >= HELD_MAX) this.#flush();
    else this.#cancel ??= this.#on.clock.after(IDLE_MS, () => this.#flush());
  }

  /** What goes along with a commit. */
  take(): Write[] {
    const taken = this.#held;
    this.#held = [];
    this.#cancel?.();
    this.#cancel = undefined;
    return taken;
  }

  stop(): void {
    this.#flush();
  }

  #flush(): void {
    const writes = this.take();
    if (writes.length === 0) return;
    this.#on.store.commit(writes).catch((error: Error) => {
      this.#on.log("debug", "lazy writes were not written", { reason: error.message });
    });
  }
}
