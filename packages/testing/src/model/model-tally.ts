/** Counts what a model test has met: a test that only ever meets refusals shows nothing. */
export class ModelTally {
  readonly #accepted = new Map<string, number>();
  readonly #refused = new Map<string, number>();

  accept(command: string): void {
    this.#accepted.set(command, (this.#accepted.get(command) ?? 0) + 1);
  }

  refuse(rule: string): void {
    this.#refused.set(rule, (this.#refused.get(rule) ?? 0) + 1);
  }

  /** How often each command was accepted. */
  get accepted(): ReadonlyMap<string, number> {
    return this.#accepted;
  }

  /** How often each rule refused. */
  get refused(): ReadonlyMap<string, number> {
    return this.#refused;
  }
}
