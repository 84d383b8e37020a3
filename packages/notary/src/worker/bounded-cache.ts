/** Keeps what was asked for last; what fails is forgotten, so that it can be asked for again. */
export class BoundedCache<K, V> {
  readonly #max: number;
  readonly #values = new Map<K, Promise<V>>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Those who ask for one thing at the same time share one attempt. */
  get(key: K, make: () => Promise<V>): Promise<V> {
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    value.catch(() => {
      if (this.#values.get(key) === value) this.#values.delete(key);
    });
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#max && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }
}
