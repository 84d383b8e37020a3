import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { RequestError } from "../request-error.ts";

export type ChildExit = { code: number | null; signal: NodeJS.Signals | null };

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
/** Compiled modules, as `bin/stateset.mjs` keeps them: a node starts in less than half the time. */
const COMPILED = fileURLToPath(
  new URL("../../../../node_modules/.cache/stateset", import.meta.url),
);
/**
 * As in `bin/stateset.mjs`: left to itself V8 lets a busy node's heap grow to three times what it
 * uses, and the C library keeps memory for each thread.
 */
const MEMORY_FLAGS = ["--max-semi-space-size=8", "--max-old-space-size=512"];
const MEMORY_ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };
const READY_MAX_MS = 60_000;
const READY_POLL_MS = 25;
/** Longer than a node looks at its parts for. */
const ANSWER_MAX_MS = 5000;
/** After this a node that should stop is ended: its flows are in their journals. */
const STOP_MAX_MS = 15_000;
const LOG_BYTES_MAX = 10 << 20;
const LAST_WORDS_BYTES = 2000;

export type ChildNodeOptions = {
  name: string;
  /** The configuration file to start it with. */
  config: string;
  /** Where its log goes; one earlier file is kept. */
  log: string;
  rest: string;
  environment: NodeJS.ProcessEnv;
};

/** A node in a process of its own, which ends with this one. */
export class ChildNode {
  readonly options: ChildNodeOptions;
  /** Resolves when the process has ended. */
  readonly exited: Promise<ChildExit>;
  readonly #child: ChildProcess;
  #exit: ChildExit | undefined;

  constructor(options: ChildNodeOptions) {
    this.options = options;
    const log = openLog(options.log);
    const flags = ["--disable-warning=ExperimentalWarning", ...MEMORY_FLAGS];
    this.#child = spawn(
      process.execPath,
      [...flags, MAIN, "node", "start", "--config", options.config],
      {
        // The channel closes when this process dies, however it does, and then the node stops.
        stdio: ["ignore", log, log, "ipc"],
        env: { NODE_COMPILE_CACHE: COMPILED, ...MEMORY_ENVIRONMENT, ...options.environment },
        // Ctrl-C is for this process, which then stops its nodes in order.
        detached: true,
      },
    );
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

  /** Whether the node says that it can work. */
  async isReady(): Promise<boolean> {
    try {
      const response = await fetch(new URL("/readyz", this.options.rest), {
        signal: AbortSignal.timeout(ANSWER_MAX_MS),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false; // not listening yet, or no longer
    }
  }

  /** @throws RequestError `network/node-failed` with the last that it logged */
  async ready(): Promise<void> {
    const deadline = performance.now() + READY_MAX_MS;
    while (this.isRunning && performance.now() < deadline) {
      if (await this.isReady()) return;
      await Promise.race([this.exited, pause()]);
    }
    const { name, log } = this.options;
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
