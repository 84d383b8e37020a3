import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { RequestError } from "../request-error.ts";

export type ChildExit = { code: number | null; signal: NodeJS.Signals | null };

/** All start at once, on a machine that may be busy; one that ended is noticed at once. */
const READY_MAX_MS = 120_000;
const READY_POLL_MS = 25;
/** Longer than a process looks at its parts for. */
const ANSWER_MAX_MS = 5000;
/** After this a process that should stop is ended: what it did is in its database. */
const STOP_MAX_MS = 15_000;
const LOG_BYTES_MAX = 10 << 20;
const LAST_WORDS_BYTES = 2000;

export type ChildOptions = {
  name: string;
  command: string;
  args: readonly string[];
  /** What the child knows the end of this process by: its channel closes, or its input ends. */
  lifeline: "ipc" | "pipe";
  environment: NodeJS.ProcessEnv;
  /** Where its log goes; one earlier file is kept. */
  log: string;
  /** What answers with success once it runs, and once it can work. */
  liveness: string;
  readiness: string;
};

/** A process of a local network, which ends with this one. */
export class Child {
  readonly name: string;
  /** Resolves when the process has ended. */
  readonly exited: Promise<ChildExit>;
  readonly #child: ChildProcess;
  readonly #options: ChildOptions;
  #exit: ChildExit | undefined;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#options = options;
    const log = openLog(options.log);
    const stdio: StdioOptions =
      options.lifeline === "ipc" ? ["ignore", log, log, "ipc"] : ["pipe", log, log];
    // Ctrl-C is for this process, which then stops its children in order.
    this.#child = spawn(options.command, options.args, {
      ...{ stdio, env: options.environment, detached: true },
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      const ended = (exit: ChildExit) => {
        this.#exit = exit;
        resolve(exit);
      };
      this.#child.once("exit", (code, signal) => ended({ code, signal }));
      this.#child.once("error", () => ended({ code: 1, signal: null }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#exit === undefined;
  }

  /** Whether the process says that it can work. */
  async isReady(): Promise<boolean> {
    return await answers(this.#options.readiness);
  }

  /** Waits until it can work. @throws RequestError `network/node-failed` */
  async ready(): Promise<void> {
    await this.#answering(this.#options.readiness);
  }

  /** Waits until it runs, whether or not others are there. @throws RequestError `network/node-failed` */
  async alive(): Promise<void> {
    await this.#answering(this.#options.liveness);
  }

  /** @throws RequestError `network/node-failed` with the last that it logged */
  async #answering(url: string): Promise<void> {
    const deadline = performance.now() + READY_MAX_MS;
    while (this.isRunning && performance.now() < deadline) {
      if (await answers(url)) return;
      await Promise.race([this.exited, pause()]);
    }
    const { name, log } = this.#options;
    const how = this.#exit === undefined ? "is not ready" : `ended with ${told(this.#exit)}`;
    throw new RequestError(
      "network/node-failed",
      `${name} ${how}; the end of ${log}:\n${await lastWords(log)}`,
      { node: name, log },
    );
  }

  /** Ends it in an orderly way; at once where it takes too long, or `isUrgent`. */
  async stop({ isUrgent = false } = {}): Promise<ChildExit> {
    if (this.isRunning) this.#child.kill(isUrgent ? "SIGKILL" : "SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MAX_MS);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // not listening yet, or no longer
  }
}

export function told({ code, signal }: ChildExit): string {
  return signal ?? `exit code ${code}`;
}

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

async function lastWords(log: string): Promise<string> {
  const file = await open(log);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - LAST_WORDS_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString("utf8", 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
}
