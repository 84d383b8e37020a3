import type { Pool, PoolClient } from "pg";

/** Only ever one more; what was released is not changed. */
const MIGRATIONS: readonly string[] = [
  `create table notary.block (
     height bigint primary key,
     block_time bigint not null,
     header bytea not null,
     signatures bytea not null,
     frontier bytea not null,
     ids bytea not null
   );
   create table notary.notarised (
     id bytea primary key,
     height bigint not null,
     place int not null,
     block_time bigint not null,
     requester bytea
   );
   create table notary.consumed (
     ref bytea primary key,
     by bytea not null,
     at bigint not null
   );
   create table notary.unique_key (
     key bytea primary key,
     by bytea not null,
     at bigint not null
   );`,
];

/** Of this package alone, so that two processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_161_190_401;

/** Brings the schema `notary` to this version, all or nothing. */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await apply(client);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function apply(client: PoolClient): Promise<void> {
  await client.query("create schema if not exists notary");
  await client.query(
    `create table if not exists notary.migration (
       version int primary key,
       applied_at timestamptz not null default now()
     )`,
  );
  const { rows } = await client.query<{ version: number }>(
    "select coalesce(max(version), 0) as version from notary.migration",
  );
  const done = rows[0]?.version ?? 0;
  if (done > MIGRATIONS.length)
    throw new Error(`the schema notary is of version ${done}, and this is ${MIGRATIONS.length}`);
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (index < done) continue;
    await client.query(statements);
    await client.query("insert into notary.migration (version) values ($1)", [index + 1]);
  }
}
