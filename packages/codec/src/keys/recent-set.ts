/** Remembers what was added last: two generations, of which the older is forgotten when one fills. */
export class RecentSet {
  readonly #max: number;
  #young = new Set<string>();
  #old = new Set<string>();

  /** @param max how many it remembers at least, once that many were added; at most twice as many */
  constructor(max: number) {
    this.#max = max;
  }

  has(value: string): boolean {
    return this.#young.has(value) || this.#old.has(value);
  }

  add(value: string): void {
    this.#young.add(value);
    if (this.#young.size < this.#max) return;
    this.#old = this.#young;
    this.#young = new Set();
  }
}
