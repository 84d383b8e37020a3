import {
  decode,
  encode,
  fromHex,
  HASH_BYTES,
  type Hash,
  list,
  signatureSchema,
  toHex,
} from "@stateset/codec";
import { blockHeaderSchema, type TransactionId } from "@stateset/ledger";
import { Pool } from "pg";
import { MerkleFrontier } from "../merkle-frontier.ts";
import type {
  NotarisedAt,
  NotaryBlock,
  NotaryFacts,
  NotaryQuery,
  NotaryStore,
  NotaryTip,
  StoredBlock,
  TakenBy,
} from "../notary-store.ts";
import { byteaArray } from "./binary-array.ts";
import { migrate } from "./migrations.ts";

/** One makes blocks; the other answers who asks for receipts meanwhile. */
const CONNECTIONS = 2;
/** A database that is away must not hold callers for ever; the outcome is open either way. */
const QUERY_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SIGNATURES_MAX = 64;
const signaturesSchema = list(signatureSchema, { min: 1, max: SIGNATURES_MAX });

/**
 * Every statement is a row or a batch found by primary keys. The planner, which cannot know how long
 * a batch is, would scan whole tables where it guesses a long one.
 */
const SESSION = [
  "synchronous_commit=on",
  "plan_cache_mode=force_generic_plan",
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
];

/**
 * A notary's memory in PostgreSQL, in the schema `notary`, which is created or brought up to date.
 * @throws Error where the database cannot be reached, or is of a later version
 */
export async function openNotaryStore(options: { connectionString: string }): Promise<NotaryStore> {
  const pool = new Pool({
    connectionString: options.connectionString,
    max: CONNECTIONS,
    query_timeout: QUERY_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options: SESSION.map((setting) => `-c ${setting}`).join(" "),
  });
  // A connection that breaks while idle is replaced; queries under way fail on their own.
  pool.on("error", () => undefined);
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return new PostgresNotaryStore(pool);
}

const TIP = `select header, frontier from notary.block order by height desc limit 1`;

const BLOCK = `select header, signatures, ids from notary.block where height = $1`;

/** The limits keep each lookup a sub-plan by primary key instead of a join. */
const LOOKUP = `
select 'id' as of, u.n, f.height, f.place, f.block_time as at, null as by
  from unnest($1::bytea[]) with ordinality u (key, n), lateral (
    select height, place, block_time from notary.notarised where id = u.key limit 1) f
union all
select 'ref', u.n, null, null, f.at, encode(f.by, 'hex')
  from unnest($2::bytea[]) with ordinality u (key, n), lateral (
    select at, by from notary.consumed where ref = u.key limit 1) f
union all
select 'key', u.n, null, null, f.at, encode(f.by, 'hex')
  from unnest($3::bytea[]) with ordinality u (key, n), lateral (
    select at, by from notary.unique_key where key = u.key limit 1) f`;

/** One statement is one transaction: a primary key that exists already undoes all of it. */
const APPEND = `
with block as (
  insert into notary.block (height, block_time, header, signatures, frontier, ids)
  values ($1, $2, $3, $4, $5, $6)),
notarised as (
  insert into notary.notarised (id, height, place, block_time, requester)
  select u.id, $1, u.n - 1, $2, u.requester
    from unnest($7::bytea[], $8::bytea[]) with ordinality u (id, requester, n)),
consumed as (
  insert into notary.consumed (ref, by, at)
  select u.ref, u.by, $2 from unnest($9::bytea[], $10::bytea[]) u (ref, by))
insert into notary.unique_key (key, by, at)
select u.key, u.by, $2 from unnest($11::bytea[], $12::bytea[]) u (key, by)`;

type TipRow = { header: Buffer; frontier: Buffer };
type BlockRow = { header: Buffer; signatures: Buffer; ids: Buffer };
type LookupRow = { n: string; at: string } & (
  | { of: "id"; height: string; place: number }
  | { of: "ref" | "key"; by: Hash }
);

class PostgresNotaryStore implements NotaryStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async tip(): Promise<NotaryTip | undefined> {
    const { rows } = await this.#pool.query<TipRow>({ name: "tip", text: TIP });
    const row = rows[0];
    if (row === undefined) return undefined;
    const header = decode(blockHeaderSchema, row.header);
    const frontier = MerkleFrontier.of(header.height, hashesIn(row.frontier));
    return { header, frontier: frontier.roots.map(toHex) };
  }

  async lookup({ ids, refs, uniqueKeys }: NotaryQuery): Promise<NotaryFacts> {
    const values = [ids, refs, uniqueKeys].map((keys) => byteaArray(keys.map(fromHex)));
    const { rows } = await this.#pool.query<LookupRow>({ name: "lookup", text: LOOKUP, values });
    const notarised = new Map<TransactionId, NotarisedAt>();
    const consumed = new Map<string, TakenBy>();
    const taken = new Map<string, TakenBy>();
    for (const row of rows) {
      const place = Number(row.n) - 1;
      const at = Number(row.at);
      if (row.of === "id") {
        const { height, place: index } = row;
        notarised.set(ids[place] as TransactionId, {
          height: Number(height),
          index,
          blockTime: at,
        });
      } else if (row.of === "ref") consumed.set(refs[place] as string, { by: row.by, at });
      else taken.set(uniqueKeys[place] as string, { by: row.by, at });
    }
    return { notarised, consumed, uniqueKeys: taken };
  }

  async append({ header, frontier, signatures, transactions }: NotaryBlock): Promise<void> {
    const pairsOf = (field: "consumed" | "uniqueKeys") =>
      transactions.flatMap(({ leaf, [field]: keys }) =>
        keys.map((key) => ({ key: fromHex(key), by: fromHex(leaf) })),
      );
    const consumed = pairsOf("consumed");
    const uniqueKeys = pairsOf("uniqueKeys");
    const ids = transactions.map(({ id }) => fromHex(id));
    const requesters = transactions.map(({ requester }) =>
      requester === undefined ? undefined : fromHex(requester),
    );
    await this.#pool.query({
      name: "append",
      text: APPEND,
      values: [
        header.height,
        header.blockTime,
        Buffer.from(encode(blockHeaderSchema, header)),
        Buffer.from(encode(signaturesSchema, [...signatures])),
        Buffer.concat(frontier.map(fromHex)),
        Buffer.concat(ids),
        byteaArray(ids),
        byteaArray(requesters),
        byteaArray(consumed.map(({ key }) => key)),
        byteaArray(consumed.map(({ by }) => by)),
        byteaArray(uniqueKeys.map(({ key }) => key)),
        byteaArray(uniqueKeys.map(({ by }) => by)),
      ],
    });
  }

  async block(height: number): Promise<StoredBlock | undefined> {
    const { rows } = await this.#pool.query<BlockRow>({
      name: "block",
      text: BLOCK,
      values: [height],
    });
    const row = rows[0];
    if (row === undefined) return undefined;
    return {
      header: decode(blockHeaderSchema, row.header),
      signatures: decode(signaturesSchema, row.signatures),
      ids: hashesIn(row.ids).map((id) => toHex(id) as TransactionId),
    };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** Hashes that stand one behind the other. */
function hashesIn(column: Buffer): Uint8Array[] {
  return Array.from({ length: column.length / HASH_BYTES }, (_, i) =>
    column.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}
