import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import { VaultSetupError } from "./vault-setup-error.ts";

/** In the order of their versions, which count from 1. Never change one that was released. */
const MIGRATIONS = ["0001-create-tables.sql", "0002-create-content-keys.sql"];

/** NULLS NOT DISTINCT and others that later migrations rely on came with it. */
const SERVER_VERSION_MIN = 150_000;

/**
 * Brings a database to the tables that this code knows. Call it inside a transaction, and with the
 * lock held that keeps others out.
 * @throws VaultSetupError `vault/newer-database`, `vault/server-too-old`
 */
export async function migrate(client: Client): Promise<void> {
  await assertServerVersion(client);
  await client.query(`create schema if not exists flow;
    create table if not exists flow.migrations (
      version int4 primary key, name text not null, applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query(
    "select coalesce(max(version), 0) as found from flow.migrations",
  );
  const found: number = rows[0].found;
  if (found > MIGRATIONS.length) {
    const known = MIGRATIONS.length;
    throw new VaultSetupError({ code: "vault/newer-database", what: "schema", found, known });
  }
  for (const [i, name] of MIGRATIONS.entries()) {
    if (i < found) continue;
    await client.query(await readFile(new URL(`../migrations/${name}`, import.meta.url), "utf8"));
    const values = [i + 1, name];
    await client.query("insert into flow.migrations (version, name) values ($1, $2)", values);
  }
}

async function assertServerVersion(client: Client): Promise<void> {
  const { rows } = await client.query(
    "select current_setting('server_version_num')::int4 as number",
  );
  const number: number = rows[0].number;
  if (number >= SERVER_VERSION_MIN) return;
  const found = String(Math.floor(number / 10_000));
  throw new VaultSetupError({ code: "vault/server-too-old", found, minimum: "15" });
}
