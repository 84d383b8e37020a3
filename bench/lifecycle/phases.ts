/** Lets many go on together: whoever comes to the end of a phase waits for all the others. */
export class Phases {
  readonly #of: number;
  readonly #onBegin: () => void;
  #waiting: (() => void)[] = [];

  /** @param onBegin called each time when all have come, before any goes on */
  constructor(of: number, onBegin: () => void) {
    this.#of = of;
    this.#onBegin = onBegin;
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length < this.#of) return;
      const all = this.#waiting;
      this.#waiting = [];
      this.#onBegin();
      for (const goOn of all) goOn();
    });
  }
}
