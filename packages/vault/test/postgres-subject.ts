import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@stateset/flow";
import { complianceTables, RECORDED_AT, type StoreSubject } from "@stateset/testing";
import { type EmbeddedPostgres, openVault, startEmbeddedPostgres } from "@stateset/vault";
import pg from "pg";

/** A server in a folder that goes away with it. */
export type TestServer = { server: EmbeddedPostgres; end(): Promise<void> };

export async function startTestServer(log?: Log): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "stateset-vault-"));
  const server = await startEmbeddedPostgres({ folder, ...(log && { log }) });
  return { server, end: () => server.remove() };
}

/** Opens a database with the tables and the clock that the compliance suites want. */
export async function openSubject(connectionString: string): Promise<StoreSubject> {
  const tables = complianceTables;
  const { store, vault } = await openVault({ connectionString, tables, clock: () => RECORDED_AT });
  const crash = async () => {
    await store.close();
    return openSubject(connectionString);
  };
  return { store, vault, crash };
}

/** Runs statements on a connection of their own. */
export async function query<Row>(connectionString: string, ...texts: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const text of texts) rows = (await client.query(text)).rows as Row[];
    return rows;
  } finally {
    await client.end();
  }
}

/** Takes away what a vault made; much quicker than a new database. */
export async function empty(connectionString: string): Promise<void> {
  await query(connectionString, "drop schema if exists ledger, vault, flow cascade");
}
