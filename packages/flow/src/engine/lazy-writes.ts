import type { Log } from "../log.ts";
import type { Clock } from "../ports/clock.ts";
import { type Store, StoreError, type Write } from "../ports/store.ts";

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
  #isStopped = false;

  constructor(on: { store: Store; clock: Clock; log: Log }) {
    this.#on = on;
  }

  add(write: Write): void {
    this.#held.push(write);
    if (this.#held.length >= HELD_MAX) this.#flush();
    else this.#cancel ??= this.#on.clock.after(IDLE_MS, () => this.#flush());
  }

  /** Commits, and what is held along with it; that stays held where the store is away. */
  async commit(writes: readonly Write[]): Promise<void> {
    const held = this.#take();
    try {
      await this.#on.store.commit([...held, ...writes]);
    } catch (error) {
      this.#keep(held, error);
      throw error;
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#flush();
  }

  #take(): Write[] {
    const taken = this.#held;
    this.#held = [];
    this.#cancel?.();
    this.#cancel = undefined;
    return taken;
  }

  /** Not where a write might be at fault itself: it would spoil every commit that it goes with. */
  #keep(writes: readonly Write[], error: unknown): void {
    if (!(error instanceof StoreError) || this.#isStopped || writes.length === 0) return;
    this.#held.push(...writes);
    this.#cancel ??= this.#on.clock.after(IDLE_MS, () => this.#flush());
  }

  #flush(): void {
    if (this.#held.length === 0) return;
    this.commit([]).catch((error: Error) => {
      this.#on.log("debug", "lazy writes were not written", { reason: error.message });
    });
  }
}
