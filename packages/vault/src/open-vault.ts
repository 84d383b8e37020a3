import type { Log, StateTable, Store, Vault } from "@stateset/flow";
import { Kysely, PostgresDialect } from "kysely";
import pg, { type Client } from "pg";
import { Coins } from "./coins.ts";
import { type CommitStats, GroupCommit } from "./group-commit.ts";
import { migrate } from "./migrate.ts";
import { PostgresStore } from "./postgres-store.ts";
import { PostgresVault } from "./postgres-vault.ts";
import { prepareStateTables, type TypedTable } from "./state-tables.ts";
import { OWNER_WAIT_MS, WriterConnection } from "./writer-connection.ts";

export type VaultOptions = {
  /** Of a PostgreSQL 15 or later, not behind a pooler: the writer's session holds a lock. */
  connectionString: string;
  tables: readonly StateTable[];
  /** Milliseconds since 1970. */
  clock: () => number;
  /** How long to wait for another process to let go of the database. */
  ownerWaitMs?: number;
  log?: Log;
  /** Called once where another process has begun to run on the database: nothing can be written. */
  onSuperseded?: () => void;
};

export type OpenVault = {
  store: Store;
  vault: Vault;
  /** Counts since the vault was opened. */
  stats(): CommitStats;
};

/** Queries run beside the writer; with two cores, more would only take turns. */
const READ_CONNECTIONS = 4;
const CONNECT_MAX_MS = 5_000;
/** Longer than any page takes to find, and short enough that a node's callers still wait. */
const QUERY_MAX_MS = 30_000;

/**
 * Opens a node's database, alone: brings its tables up to date, and keeps other processes out until
 * the store is closed.
 * @throws VaultSetupError or StoreError `store/unavailable`
 */
export async function openVault(options: VaultOptions): Promise<OpenVault> {
  const { connectionString, tables, clock, log = () => {}, ownerWaitMs = OWNER_WAIT_MS } = options;
  const { onSuperseded = () => {} } = options;
  const connection = new WriterConnection({ connectionString, ownerWaitMs, log, onSuperseded });
  let prepared: TypedTable[];
  try {
    prepared = await prepare(await connection.client(), tables);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const reads = new pg.Pool({
    connectionString,
    max: READ_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    statement_timeout: QUERY_MAX_MS,
    // The server's own limit comes first, unless it is frozen.
    query_timeout: QUERY_MAX_MS + 5_000,
    application_name: "stateset reader",
  });
  reads.on("error", (error) => log("warn", "idle connection lost", { reason: error.message }));
  const group = new GroupCommit({ connection, tables: prepared, clock, log });
  const coins = new Coins(group, tables);
  const queries = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: reads }) });
  return {
    store: new PostgresStore({ reads, group, connection, coins }),
    vault: new PostgresVault({ reads: queries, coins, tables }),
    stats: () => ({ ...group.stats }),
  };
}

/** In one transaction: a crash leaves the old tables or the new ones. */
async function prepare(client: Client, tables: readonly StateTable[]): Promise<TypedTable[]> {
  await client.query("begin; set local statement_timeout = 0");
  try {
    await migrate(client);
    const prepared = await prepareStateTables(client, tables);
    await client.query("commit");
    return prepared;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}
