/** What tells a process to stop: a supervisor, Ctrl-C, a terminal that was closed. */
const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * One Ctrl-C arrives several times: from the terminal, and passed on by npx and by
 * `bin/stateset.mjs`. Nobody presses it twice in this time.
 */
const SAME_PRESS_MS = 300;

/**
 * From now on signals are this process's to obey: the first one asks it to stop in order, a later
 * one to do so at once. The listener stays, since without one a signal would end the process.
 */
export class StopSignals {
  readonly first: Promise<NodeJS.Signals>;
  readonly #tell: (signal: NodeJS.Signals) => void;
  #firstAt: number | undefined;
  #onSecond: () => void = () => {};

  constructor() {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
    this.first = promise;
    this.#tell = resolve;
    for (const signal of STOP_SIGNALS) process.on(signal, () => this.#arrived(signal));
    // The command line ends at once on Ctrl-C; what runs on has things to put in order first.
    for (const listener of process.listeners("SIGINT").slice(0, -1))
      process.removeListener("SIGINT", listener);
  }

  onSecond(callback: () => void): void {
    this.#onSecond = callback;
  }

  #arrived(signal: NodeJS.Signals): void {
    const now = performance.now();
    this.#firstAt ??= now;
    if (now === this.#firstAt) this.#tell(signal);
    else if (now - this.#firstAt > SAME_PRESS_MS) this.#onSecond();
  }
}
