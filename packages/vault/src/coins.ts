import {
  type CoinClaim,
  CoinPool,
  type Holdings,
  refuseClaim,
  SetAside,
  type StateTable,
  tableOf,
  type Write,
} from "@stateset/flow";
import { formatStateRef, type StateRef, type TransactionId } from "@stateset/ledger";
import type { GroupCommit } from "./group-commit.ts";
import type { WriteBatch } from "./write-batch.ts";

/** Coins read at a time: a payment's worth of SQL for thousands of payments. */
const LOADED_MAX = 4096;
/** Of one kind, in memory: some tens of megabytes. Smaller ones are read again when needed. */
const KEPT_MAX = 65_536;

/**
 * The coins that flows may claim, in memory: the largest of each kind, as many as were needed so
 * far. One process owns a database at a time, so that what is set aside here is so everywhere, and
 * costs no SQL. Reading takes place between two batches of writes, when nothing is under way.
 */
export class Coins {
  readonly #group: GroupCommit;
  readonly #tables: readonly StateTable[];
  readonly #setAside = new SetAside();
  readonly #pools: Map<StateTable, TablePool>;
  /** Claims that wait for the database, whose flows may be given up meanwhile. */
  readonly #pending = new Set<{ flowId: string; isReleased: boolean }>();
  /** Consumed by commits that are under way, and by how many. */
  readonly #consuming = new Map<string, number>();

  constructor(group: GroupCommit, tables: readonly StateTable[]) {
    this.#group = group;
    this.#tables = tables;
    this.#pools = new Map(
      tables.map((table) => [
        table,
        { pool: new CoinPool(table, this.#setAside), kinds: undefined },
      ]),
    );
  }

  /** Commits, and keeps the pools in step with what the database will hold. */
  async commit(writes: readonly Write[]): Promise<void> {
    const consumed = writes.flatMap((write) =>
      write.kind === "consume" ? [formatStateRef(write.ref)] : [],
    );
    for (const key of consumed) {
      this.#consuming.set(key, (this.#consuming.get(key) ?? 0) + 1);
      for (const { pool } of this.#pools.values()) pool.remove(key);
    }
    try {
      await this.#group.commit(writes, (batch, made) => this.#onDurable(writes, batch, made));
      for (const key of consumed) this.#setAside.remove(key);
    } catch (error) {
      // Whether the coins are still there is for the database to say.
      if (consumed.length > 0) this.#forget();
      throw error;
    } finally {
      for (const key of consumed) this.#endConsuming(key);
    }
  }

  async claim(claim: CoinClaim): Promise<StateRef[]> {
    const pending = { flowId: claim.flowId, isReleased: false };
    this.#pending.add(pending);
    try {
      const refs = await this.#claim(claim);
      if (!pending.isReleased) return refs;
      for (const ref of refs) this.#giveBack(formatStateRef(ref));
      throw new Error(`flow ${claim.flowId} was given up while it claimed coins`);
    } finally {
      this.#pending.delete(pending);
    }
  }

  async #claim(claim: CoinClaim): Promise<StateRef[]> {
    const table = tableOf(this.#tables, claim);
    const found = this.#pools.get(table) as TablePool;
    const kinds = found.pool.kindsFor(claim, (await this.#kinds(table, found)).keys());
    for (const kind of kinds) {
      const refs = await this.#claimKind({ table, found, kind, claim });
      if (refs !== undefined) return refs;
    }
    const holdings = kinds.map((kind) => this.#holdings({ table, found, kind, claim }));
    throw refuseClaim(claim, await Promise.all(holdings));
  }

  reclaim(flowId: string, refs: readonly StateRef[]): void {
    this.release(flowId);
    for (const key of refs.map(formatStateRef)) {
      this.#setAside.add(flowId, key);
      for (const { pool } of this.#pools.values()) pool.withhold(key);
    }
  }

  release(flowId: string): void {
    for (const pending of this.#pending) if (pending.flowId === flowId) pending.isReleased = true;
    for (const key of this.#setAside.release(flowId)) this.#giveBack(key);
  }

  #giveBack(key: string): void {
    this.#setAside.remove(key);
    for (const { pool } of this.#pools.values()) pool.giveBack(key);
  }

  async #claimKind(at: KindClaim): Promise<StateRef[] | undefined> {
    const { found, kind, claim } = at;
    for (;;) {
      const refs = found.pool.claim(kind, claim);
      if (refs !== undefined) return refs;
      const loaded = found.kinds?.get(kind);
      const isEnough = found.pool.holdings(kind, claim.statesMax).coins >= claim.statesMax;
      // Smaller coins than those that do not suffice would not either.
      if (loaded?.isComplete === true || (loaded?.from !== undefined && isEnough)) return undefined;
      await this.#load(at);
    }
  }

  /** The kinds of a table, read at the first claim and kept up since. */
  async #kinds(table: StateTable, found: TablePool): Promise<Map<string, LoadedKind>> {
    while (found.kinds === undefined) {
      found.reading ??= this.#group
        .alone((client) => client.query<{ kind: string }>(KINDS, [table.contract, table.type]))
        .then(({ rows }) => {
          found.kinds = new Map(rows.map(({ kind }) => [kind, { isComplete: false }]));
        })
        .finally(() => {
          found.reading = undefined;
        });
      await found.reading;
    }
    return found.kinds;
  }

  async #load({ table, found, kind }: KindClaim): Promise<void> {
    const loaded = (await this.#kinds(table, found)).get(kind);
    if (loaded === undefined || loaded.isComplete) return;
    loaded.loading ??= this.#loadMore(table, kind, loaded, found).finally(() => {
      loaded.loading = undefined;
    });
    await loaded.loading;
  }

  async #loadMore(
    table: StateTable,
    kind: string,
    loaded: LoadedKind,
    found: TablePool,
  ): Promise<void> {
    const { from } = loaded;
    const values = [table.contract, table.type, kind, LOADED_MAX];
    const bound =
      from === undefined
        ? []
        : [from.quantity.toString(), Buffer.from(from.ref.txId, "hex"), from.ref.index];
    const query = from === undefined ? LARGEST : NEXT_LARGEST;
    await this.#group.alone(async (client) => {
      const { rows } = await client.query<CoinRow>({ ...query, values: [...values, ...bound] });
      // Here, before the next batch: what is read is true until then but for what waits in it.
      if (found.kinds?.get(kind) !== loaded) return;
      for (const row of rows) {
        const ref = { txId: row.tx_id.toString("hex") as TransactionId, index: row.index };
        loaded.from = { quantity: BigInt(row.coin_quantity), ref };
        const key = formatStateRef(ref);
        if (!this.#consuming.has(key))
          found.pool.add({ ref, kind, quantity: loaded.from.quantity });
      }
      loaded.isComplete = rows.length < LOADED_MAX;
    });
  }

  #onDurable(writes: readonly Write[], batch: WriteBatch, made: ReadonlySet<string>): void {
    for (const write of writes) {
      if (write.kind !== "state") continue;
      const key = formatStateRef(write.state.ref);
      const coin = batch.states.get(key)?.coin;
      if (coin === undefined || !made.has(key) || this.#consuming.has(key)) continue;
      const typed = batch.typedTable(write.state);
      const found = typed && this.#pools.get(typed.table);
      if (found?.kinds === undefined) continue;
      const loaded = found.kinds.get(coin.kind) ?? { isComplete: true };
      found.kinds.set(coin.kind, loaded);
      const { ref } = write.state;
      if (loaded.isComplete || isAbove({ ref, quantity: coin.quantity }, loaded.from)) {
        found.pool.add({ ref, ...coin });
        const smallest = found.pool.forgetSmallest(coin.kind, KEPT_MAX);
        if (smallest !== undefined) Object.assign(loaded, { isComplete: false, from: smallest });
      }
    }
  }

  async #holdings({ table, found, kind, claim }: KindClaim): Promise<Holdings> {
    const inMemory = found.pool.holdings(kind, claim.statesMax);
    if (found.kinds?.get(kind)?.isComplete === true) return inMemory;
    const { rows } = await this.#group.alone((client) =>
      client.query<{ total: string }>(TOTAL, [table.contract, table.type, kind]),
    );
    return { ...inMemory, available: BigInt(rows[0]?.total ?? 0) - inMemory.setAside };
  }

  #forget(): void {
    for (const found of this.#pools.values()) {
      found.pool.clear();
      found.kinds = undefined;
    }
  }

  #endConsuming(key: string): void {
    const count = (this.#consuming.get(key) ?? 1) - 1;
    if (count === 0) this.#consuming.delete(key);
    else this.#consuming.set(key, count);
  }
}

type TablePool = {
  pool: CoinPool;
  kinds: Map<string, LoadedKind> | undefined;
  reading?: Promise<void> | undefined;
};
/** Of one kind, all coins from the bound upwards are in memory, or all that there are. */
type LoadedKind = {
  isComplete: boolean;
  from?: { quantity: bigint; ref: StateRef };
  loading?: Promise<void> | undefined;
};
type KindClaim = { table: StateTable; found: TablePool; kind: string; claim: CoinClaim };
type CoinRow = { tx_id: Buffer; index: number; coin_quantity: string };

const OF_KIND = `from vault.states where contract = $1 and type = $2 and coin_kind = $3
  and consumed_by is null and coin_quantity is not null`;
const DESCENDING = "order by coin_quantity desc, tx_id desc, index desc limit $4";
const LARGEST = {
  name: "coins-largest",
  text: `select tx_id, index, coin_quantity ${OF_KIND} ${DESCENDING}`,
};
const NEXT_LARGEST = {
  name: "coins-next-largest",
  text: `select tx_id, index, coin_quantity ${OF_KIND}
    and (coin_quantity, tx_id, index) < ($5::int8, $6::bytea, $7::int4) ${DESCENDING}`,
};
const TOTAL = `select coalesce(sum(coin_quantity), 0) as total ${OF_KIND}`;
/** Steps from one kind to the next in the index instead of reading every coin. */
const NEXT_KIND = `select min(coin_kind) as kind from vault.states where contract = $1 and type = $2
  and consumed_by is null and coin_quantity is not null`;
const KINDS = `with recursive kinds as (
    (${NEXT_KIND})
    union all
    select (${NEXT_KIND} and coin_kind > kinds.kind) from kinds where kinds.kind is not null
  ) select kind from kinds where kind is not null`;

function isAbove(
  coin: { quantity: bigint; ref: StateRef },
  bound: { quantity: bigint; ref: StateRef } | undefined,
): boolean {
  if (bound === undefined) return false;
  if (coin.quantity !== bound.quantity) return coin.quantity > bound.quantity;
  if (coin.ref.txId !== bound.ref.txId) return coin.ref.txId > bound.ref.txId;
  return coin.ref.index > bound.ref.index;
}
