import { setTimeout as sleep } from "node:timers/promises";
import { type Log, StoreError, type StoreRun } from "@stateset/flow";
import pg from "pg";
import { VaultSetupError } from "./vault-setup-error.ts";

/** Held as long as the connection lives: one process at a time writes to a database. */
const OWNER_LOCK = "select pg_try_advisory_lock(1400140916, 1) as got";
/** The server lets go of a killed process's lock at once, or after the statement that it was at. */
export const OWNER_WAIT_MS = 3_000;
/** How long to wait where the owner is in the midst of one statement, and so may be dead. */
const BUSY_OWNER_WAIT_MS = 10_000;
/** Whether the lock's owner is at a statement that began more than so many milliseconds ago. */
const OWNER_BUSY = `select exists (select from pg_locks l join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.granted and l.classid = 1400140916 and l.objid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and a.state = 'active' and a.query_start < clock_timestamp() - make_interval(secs => $1))
  as busy`;
const LOCK_POLL_MS = 50;
const RECONNECT_MIN_MS = 50;
const RECONNECT_MAX_MS = 2_000;
const CONNECT_MAX_MS = 5_000;
/** A server that cannot write one batch in this time is not there for its callers. */
export const STATEMENT_MAX_MS = 60_000;

/**
 * Plans of the batch statement are made once and must never be any but look-ups by key: with
 * estimates of arrays and of growing tables they flipped to scans, 172 ms against 10.
 */
export const WRITER_SESSION = `set synchronous_commit = on; set jit = off; set statement_timeout = ${STATEMENT_MAX_MS};
  set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off;
  set enable_mergejoin = off; set application_name = 'stateset writer'`;

/** The one connection that writes. It is made anew when lost, and never shared with another process. */
export class WriterConnection {
  readonly #connectionString: string;
  readonly #ownerWaitMs: number;
  readonly #log: Log;
  #client: pg.Client | undefined;
  #connecting: Promise<pg.Client> | undefined;
  /** Of the server process behind the last connection, which may outlive it. */
  #serverPid = 0;
  #failures = 0;
  #run: StoreRun | undefined;
  readonly #onSuperseded: () => void;
  #superseded: StoreError | undefined;
  #isClosed = false;

  constructor(options: {
    connectionString: string;
    ownerWaitMs: number;
    log: Log;
    onSuperseded: () => void;
  }) {
    this.#connectionString = options.connectionString;
    this.#ownerWaitMs = options.ownerWaitMs;
    this.#log = options.log;
    this.#onSuperseded = options.onSuperseded;
  }

  /**
   * @throws StoreError `store/unavailable`, after a pause that grows from failure to failure;
   * `store/superseded` for ever once the database has another owner
   */
  client(): Promise<pg.Client> | pg.Client {
    if (this.#superseded !== undefined) throw this.#superseded;
    if (this.#client !== undefined) return this.#client;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** From now on, a database that somebody else has begun to run on, or restored, is refused. */
  guard(run: StoreRun): void {
    this.#run = run;
  }

  /** Gives up a connection that failed, so that the next caller gets another. */
  drop(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
    client.end().catch(() => {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client ?? (await this.#connecting?.catch(() => undefined));
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<pg.Client> {
    if (this.#isClosed) throw new StoreError({ code: "store/closed" });
    if (this.#failures > 0) await sleep(this.#pauseMs());
    const client = new pg.Client({
      connectionString: this.#connectionString,
      connectionTimeoutMillis: CONNECT_MAX_MS,
      keepAlive: true,
    });
    client.on("error", (error) => {
      this.#log("warn", "connection to the database lost", { reason: error.message });
      if (this.#client === client) this.#client = undefined;
    });
    try {
      await client.connect();
      // A new owner has the lock for as long as it lives: waiting for it would be of no use.
      await this.#assertSameRun(client);
      await this.#own(client);
      await client.query(WRITER_SESSION);
      await this.#assertSameRun(client);
    } catch (error) {
      this.#failures++;
      client.end().catch(() => {});
      if (error instanceof VaultSetupError) throw error;
      throw unavailable(error);
    }
    this.#failures = 0;
    this.#client = client;
    return client;
  }

  #pauseMs(): number {
    return Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** (this.#failures - 1));
  }

  async #own(client: pg.Client): Promise<void> {
    let deadline = Date.now() + this.#ownerWaitMs;
    const busyDeadline = deadline + BUSY_OWNER_WAIT_MS;
    while (!(await client.query(OWNER_LOCK)).rows[0].got) {
      if (Date.now() > deadline) {
        if (Date.now() > busyDeadline || !(await this.#isOwnerBusy(client)))
          throw new VaultSetupError({ code: "vault/in-use", waitedMs: this.#ownerWaitMs });
        // When its statement ends, a dead owner's server process still needs a moment to go.
        deadline = Date.now() + this.#ownerWaitMs;
      }
      // Our own last connection may be broken on this side alone.
      if (this.#serverPid > 0) {
        const text =
          "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid = $1";
        await client.query(text, [this.#serverPid]);
      }
      await sleep(LOCK_POLL_MS);
    }
    this.#serverPid = (await client.query("select pg_backend_pid() as pid")).rows[0].pid;
  }

  async #isOwnerBusy(client: pg.Client): Promise<boolean> {
    return (await client.query(OWNER_BUSY, [this.#ownerWaitMs / 1000])).rows[0].busy;
  }

  async #assertSameRun(client: pg.Client): Promise<void> {
    if (this.#run === undefined) return;
    const { rows } = await client.query<StoreRun>(
      "select incarnation, run, xmin::text as mark from flow.node",
    );
    const { incarnation, run, mark } = this.#run;
    const [found] = rows;
    if (found?.incarnation === incarnation && found.run === run && found.mark === mark) return;
    this.#superseded = new StoreError({ code: "store/superseded" });
    this.#onSuperseded();
    throw this.#superseded;
  }
}

/** What the database said, as callers of a store know it. */
export function unavailable(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = error as { code?: string; message: string };
  const reason = REASONS[code ?? ""] ?? message;
  return new StoreError({ code: "store/unavailable", reason }, { cause: error });
}

const REASONS: { [code: string]: string } = {
  "53100": "the disk of the database is full",
  "25006": "the database is read-only",
  "53200": "the database is out of memory",
  "53300": "the database has no connection to spare",
  "57P03": "the database is starting up or shutting down",
};
