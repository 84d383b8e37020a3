import { type ChildProcess, spawn } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@stateset/flow";
import pg from "pg";
import { initCluster, SERVER_ENVIRONMENT, SUPERUSER } from "./init-cluster.ts";
import { findBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { faultOf, PostgresError } from "./postgres-error.ts";
import { openFolder, type PostgresFolder, socketFolder } from "./postgres-folder.ts";
import { owned, starterFile, stopOrphan } from "./stop-orphan.ts";

export type EmbeddedPostgresOptions = {
  /** Its own, for one server: passwords, and the data unless another account must own them. */
  folder: string;
  log?: Log;
  /** Listens on 127.0.0.1 as well; without it, on a socket of the file system alone. */
  port?: number;
  /** Whom root lets the server run as: the first of these accounts that the host has. */
  accounts?: readonly string[];
};

/** A PostgreSQL server of this process: it ends with it, and is started again if it dies. */
export interface EmbeddedPostgres {
  /** The process of the server as it runs now. */
  readonly pid: number;
  connectionString(database: string): string;
  /**
   * Makes a database unless there is one of the name.
   * @returns its connection string
   * @throws PostgresError `postgres/bad-name`
   */
  createDatabase(name: string): Promise<string>;
  /** Ends connections, writes everything, and ends the server. */
  stop(): Promise<void>;
  /** Stops, and removes the folder and all data, wherever they lie. */
  remove(): Promise<void>;
}

/**
 * Starts the PostgreSQL that came with npm on the folder, making its data at the first time. At
 * most one server runs on a folder: one that a killed process left behind is stopped first.
 * @throws PostgresError
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { folder, log = () => {} } = options;
  try {
    const opened = await openFolder(folder, options.accounts);
    const binaries = await findBinaries(opened.account);
    await initCluster(opened, binaries);
    await stopOrphan(opened);
    const supervisor = new Supervisor(opened, binaries, { ...options, log });
    await supervisor.start();
    return supervisor;
  } catch (error) {
    if (error instanceof PostgresError) throw error;
    throw new PostgresError(faultOf(String(error), { folder }), { cause: error });
  }
}

/** For two cores and a few small databases; fsync and synchronous_commit stay as they are: on. */
const SETTINGS = {
  shared_buffers: "64MB",
  // A batch of payments fits, so that the writer does not write the log out in pieces.
  wal_buffers: "16MB",
  max_connections: "50",
  max_wal_size: "1GB",
  wal_level: "replica",
  // Statements are short and prepared: compiling them costs more than it saves.
  jit: "off",
  // A payment's writes are many small ones; what they leave behind must not pile up.
  autovacuum_naptime: "15s",
  // 64 flows at a time share few connections: workers for one query would only wait for cores.
  max_parallel_workers_per_gather: "0",
  log_checkpoints: "off",
  // After a crash, one call instead of one for each of a thousand files.
  ...(process.platform === "linux" && { recovery_init_sync_method: "syncfs" }),
};

/**
 * Waits at a pipe that ends with this process however it dies, and then tells the server to shut
 * down; a line on the pipe calls it off. Detached, since a server takes no strange children.
 */
const WATCHED_START = `
exec 3<&0
( { read -r _ <&3 || kill -INT $$; } >/dev/null 2>&1 & )
exec "$@" 3<&- </dev/null
`;

const READY = "database system is ready to accept connections";
/** Recovery after a crash replays at most max_wal_size, which takes seconds. */
const START_MAX_MS = 120_000;
/** Children of a killed server may live for a moment, and hold its memory. */
const START_TRIES = 20;
const START_RETRY_MS = 250;
/**
 * The pause before a restart: none at first, and then twice as long each time within a minute. What
 * keeps a server from running may pass, such as a full disk, and nobody else would start it again.
 */
const RESTART_PAUSE_MS = 250;
const RESTART_PAUSE_MAX_MS = 10_000;
const RESTARTS_WITHIN_MS = 60_000;
const OUTPUT_MAX = 16_384;

class Supervisor implements EmbeddedPostgres {
  readonly #folder: PostgresFolder;
  readonly #binaries: PostgresBinaries;
  readonly #log: Log;
  readonly #port: number | undefined;
  #sockets = "";
  #child: ChildProcess | undefined;
  #restarts: number[] = [];
  readonly #stopping = new AbortController();
  #restarting: Promise<void> = Promise.resolve();

  constructor(
    folder: PostgresFolder,
    binaries: PostgresBinaries,
    options: { log: Log; port?: number },
  ) {
    this.#folder = folder;
    this.#binaries = binaries;
    this.#log = options.log;
    this.#port = options.port;
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    this.#sockets = await socketFolder(this.#folder);
    await writeFile(starterFile(this.#folder), String(process.pid), { mode: 0o600 });
    owned.add(this.#folder.data);
    try {
      await this.#launchPatiently();
    } catch (error) {
      owned.delete(this.#folder.data);
      throw error;
    }
  }

  connectionString(database: string): string {
    const user = `${SUPERUSER}:${encodeURIComponent(this.#folder.password)}`;
    const host = encodeURIComponent(this.#sockets);
    return `postgresql://${user}@/${database}?host=${host}&port=${this.#port ?? SOCKET_PORT}`;
  }

  async createDatabase(name: string): Promise<string> {
    if (!DATABASE_NAME.test(name)) {
      const remedy = "use up to 63 letters, digits, _ and -";
      throw new PostgresError({ code: "postgres/bad-name", name, remedy });
    }
    const client = new pg.Client({ connectionString: this.connectionString("postgres") });
    await client.connect();
    try {
      const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
      if (rowCount === 0) {
        await client.query(`create database ${client.escapeIdentifier(name)}`).catch((error) => {
          // Somebody else was quicker.
          if (error.code !== "42P04" && error.code !== "23505") throw error;
        });
      }
    } finally {
      await client.end();
    }
    return this.connectionString(name);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restarting.catch(() => {});
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGINT");
      const quit = setTimeout(() => child.kill("SIGQUIT"), STOP_MAX_MS);
      await ended;
      clearTimeout(quit);
    }
    owned.delete(this.#folder.data);
  }

  async remove(): Promise<void> {
    await this.stop();
    for (const path of [this.#folder.home, this.#folder.folder]) {
      await rm(path, { recursive: true, force: true });
    }
  }

  async #launchPatiently(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#launch();
      } catch (error) {
        const isHeld = error instanceof PostgresError && /shared memory block/.test(error.message);
        if (!isHeld || tries === START_TRIES || this.#isStopping) throw error;
        await sleep(START_RETRY_MS);
      }
    }
  }

  #launch(): Promise<void> {
    const { account, folder } = this.#folder;
    const child = spawn("/bin/sh", ["-c", WATCHED_START, "sh", ...this.#command()], {
      ...account,
      cwd: "/",
      env: SERVER_ENVIRONMENT,
      stdio: ["pipe", "ignore", "pipe"],
      // A terminal's Ctrl-C is for this process, which still has to write before the server stops.
      detached: true,
    });
    this.#child = child;
    // The pipe breaks where the shell could not start; the exit tells why.
    child.stdin?.on("error", () => {});
    return new Promise((resolve, reject) => {
      let output = "";
      const refuse = (reason: string) => {
        clearTimeout(timer);
        const port = this.#port;
        reject(new PostgresError(faultOf(reason, { folder, ...(port !== undefined && { port }) })));
      };
      const timer = setTimeout(() => {
        child.kill("SIGQUIT");
        refuse(`not ready within ${START_MAX_MS} ms\n${output}`);
      }, START_MAX_MS);
      let isReady = false;
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        this.#report(text);
        if (isReady) return;
        output = (output + text).slice(-OUTPUT_MAX);
        if (!output.includes(READY)) return;
        isReady = true;
        clearTimeout(timer);
        resolve();
      });
      child.once("error", (error) => refuse(error.message));
      child.once("close", (code, signal) => {
        child.stdin?.end("ended\n");
        if (isReady) this.#onDeath({ code, signal });
        else refuse(output || `ended with ${code ?? signal}`);
      });
    });
  }

  #command(): string[] {
    const listen = this.#port === undefined ? "" : "127.0.0.1";
    const settings = {
      ...SETTINGS,
      listen_addresses: listen,
      port: String(this.#port ?? SOCKET_PORT),
      unix_socket_directories: this.#sockets,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    return [this.#binaries.postgres, "-D", this.#folder.data, ...flags];
  }

  #report(text: string): void {
    for (const line of text.split("\n")) {
      const [, severity = "", message = ""] = SERVER_LINE.exec(line) ?? [];
      if (severity === "FATAL" || severity === "PANIC")
        this.#log("warn", "postgres", { severity, message });
      else if (message !== "") this.#log("debug", "postgres", { severity, message });
    }
  }

  #onDeath(exit: { code: number | null; signal: string | null }): void {
    if (this.#isStopping) return;
    this.#log("warn", "postgres died; it is started again", exit);
    this.#restarting = this.#restart();
  }

  async #restart(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const pauseMs = this.#nextPauseMs();
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.#launchPatiently();
        return;
      } catch (error) {
        const reason = (error as Error).message;
        this.#log("error", "postgres could not be started again", { reason });
      }
    }
  }

  #nextPauseMs(): number {
    const now = Date.now();
    const recent = this.#restarts.filter((at) => at > now - RESTARTS_WITHIN_MS);
    this.#restarts = [...recent, now];
    if (recent.length === 0) return 0;
    return Math.min(RESTART_PAUSE_MAX_MS, RESTART_PAUSE_MS * 2 ** (recent.length - 1));
  }
}

/** Clients of PostgreSQL do not agree on how a connection string escapes others. */
const DATABASE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/;
/** Names the socket's file; its folder is this server's own. */
const SOCKET_PORT = 5432;
const STOP_MAX_MS = 10_000;
/** Such as `2026-01-31 10:00:00.000 UTC [123] LOG:  message`. */
const SERVER_LINE = /^\S+ \S+ \S+ \[\d+\] (\w+): {2}(.*)$/;
