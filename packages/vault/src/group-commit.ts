import { type Log, StoreError, type Write } from "@stateset/flow";
import type { Client, QueryConfig } from "pg";
import { BatchStatements } from "./batch-statement.ts";
import type { TypedTable } from "./state-tables.ts";
import { WriteBatch } from "./write-batch.ts";
import { STATEMENT_MAX_MS, unavailable, type WriterConnection } from "./writer-connection.ts";

/** What a batch may hold: more makes the first in it wait for the last without saving much. */
const BATCH_COMMITS_MAX = 256;
const BATCH_BYTES_MAX = 8 << 20;

/** Past the server's own limit for a statement: a server that says nothing at all is frozen. */
const ANSWER_MAX_MS = STATEMENT_MAX_MS + 5_000;

export type CommitStats = {
  /** Statements that were durable, and the commits that shared them. */
  batches: number;
  commits: number;
  writes: number;
  /** Sent as parameters. */
  bytes: number;
  /** Between sending a batch and its being durable, summed. */
  waitMs: number;
};

/**
 * Writes what many callers commit through one connection: all that comes in while a batch is on its
 * way to the disk goes into the next one. There is no timer, so that a lone commit does not wait.
 */
export class GroupCommit {
  readonly stats: CommitStats = { batches: 0, commits: 0, writes: 0, bytes: 0, waitMs: 0 };
  readonly #connection: WriterConnection;
  readonly #tables: readonly TypedTable[];
  readonly #clock: () => number;
  readonly #log: Log;
  readonly #statements = new BatchStatements();
  #queue: Item[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: {
    connection: WriterConnection;
    tables: readonly TypedTable[];
    clock: () => number;
    log: Log;
  }) {
    this.#connection = options.connection;
    this.#tables = options.tables;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /**
   * @param onDurable called with the coins that the batch made, before any commit of it resolves
   * @throws StoreError
   */
  commit(writes: readonly Write[], onDurable: OnDurable): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#push({ kind: "commit", writes, bytes: bytesOf(writes), onDurable, resolve, reject });
    });
  }

  /** Runs alone between batches, on the connection that writes them. */
  alone<T>(task: (client: Client) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = async (client: Client) => resolve(await task(client));
      this.#push({ kind: "alone", run, reject });
    });
  }

  /** Refuses what has not been sent yet, and waits for what has. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#rejectAll(new StoreError({ code: "store/closed" }));
    await this.#running;
  }

  #push(item: Item): void {
    if (this.#isClosed) {
      item.reject(new StoreError({ code: "store/closed" }));
      return;
    }
    this.#queue.push(item);
    this.#running ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Whatever else is committed in this turn of the event loop shares the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const client = await this.#connect();
      const first = this.#queue[0];
      if (client === undefined || first === undefined) continue;
      if (first.kind === "commit") await this.#writeNext(client);
      else await this.#runAlone(client, first);
    }
    this.#running = undefined;
  }

  async #connect(): Promise<Client | undefined> {
    try {
      return await this.#connection.client();
    } catch (error) {
      this.#rejectAll(unavailable(error));
      return undefined;
    }
  }

  async #runAlone(client: Client, item: AloneItem): Promise<void> {
    this.#queue.shift();
    try {
      await item.run(client);
    } catch (error) {
      if (isLost(error)) this.#connection.drop(client);
      const isAway = isLost(error) || isRefused((error as { code?: string }).code);
      item.reject(isAway ? unavailable(error) : error);
    }
  }

  async #writeNext(client: Client): Promise<void> {
    const batch = new WriteBatch(this.#tables);
    const items = this.#take(batch);
    try {
      await this.#write(client, batch, items);
    } catch (error) {
      await this.#onFailure(client, items, error);
    }
  }

  #take(batch: WriteBatch): CommitItem[] {
    const items: CommitItem[] = [];
    let bytes = 0;
    for (const item of this.#queue) {
      if (item.kind !== "commit" || items.length === BATCH_COMMITS_MAX) break;
      if (items.length > 0 && bytes + item.bytes > BATCH_BYTES_MAX) break;
      if (!batch.add(item.writes)) break;
      bytes += item.bytes;
      items.push(item);
    }
    this.#queue.splice(0, items.length);
    return items;
  }

  async #write(client: Client, batch: WriteBatch, items: readonly CommitItem[]): Promise<void> {
    const query = this.#encode(batch);
    const sentAt = performance.now();
    const limits = { query_timeout: ANSWER_MAX_MS };
    const { rows } = await client.query({ ...query, ...limits, rowMode: "array" });
    const { stats } = this;
    stats.batches++;
    stats.commits += items.length;
    stats.waitMs += performance.now() - sentAt;
    for (const value of (query.values ?? []) as Buffer[]) stats.bytes += value.length;
    const coins = new Set(rows.map(([key]) => key as string));
    for (const item of items) {
      stats.writes += item.writes.length;
      item.onDurable(batch, coins);
    }
    for (const item of items) item.resolve();
  }

  #encode(batch: WriteBatch): QueryConfig {
    try {
      return this.#statements.queryFor(batch, this.#clock());
    } catch (cause) {
      throw new UnwritableError("a write has a value that no column can hold", { cause });
    }
  }

  /** Finds whose fault it was, so that the others of the batch do not share in it. */
  async #onFailure(client: Client, items: readonly CommitItem[], error: unknown): Promise<void> {
    const reason = error as { code?: string; constraint?: string; message: string };
    if (error instanceof UnwritableError) {
      if (items.length > 1) await this.#writeSingly(client, items);
      else items[0]?.reject(error);
    } else if (isLost(error) || isRefused(reason.code)) {
      this.#log("warn", "commit failed", { code: reason.code, reason: reason.message });
      if (isLost(error)) this.#connection.drop(client);
      for (const item of items) item.reject(unavailable(error));
    } else if (reason.constraint === CLIENT_ID_INDEX) {
      await this.#rejectTaken(client, items, error);
    } else if (items.length > 1) {
      await this.#writeSingly(client, items);
    } else {
      items[0]?.reject(error);
    }
  }

  async #writeSingly(client: Client, items: readonly CommitItem[]): Promise<void> {
    for (const [i, item] of items.entries()) {
      try {
        const batch = new WriteBatch(this.#tables);
        batch.add(item.writes);
        await this.#write(client, batch, [item]);
      } catch (error) {
        if (isLost(error)) return this.#onFailure(client, items.slice(i), error);
        await this.#onFailure(client, [item], error);
      }
    }
  }

  /** Refuses the commits whose client ids other flows have, and puts the rest back in front. */
  async #rejectTaken(
    client: Client,
    items: readonly CommitItem[],
    refusal: unknown,
  ): Promise<void> {
    const wanted = items.flatMap((item) => clientIdsOf(item).map(({ clientId }) => clientId));
    const text = "select client_id, id from flow.flows where client_id = any($1::text[])";
    try {
      const { rows } = await client.query<{ client_id: string; id: string }>(text, [wanted]);
      const holders = new Map(rows.map((row) => [row.client_id, row.id]));
      const others: CommitItem[] = [];
      for (const item of items) {
        const taken = takenId(item, holders);
        if (taken === undefined) others.push(item);
        else item.reject(new StoreError({ code: "store/client-id-taken", clientId: taken }));
      }
      // Somebody else's row that is gone again: trying once more could go on for ever.
      if (others.length === items.length) throw refusal;
      this.#queue.unshift(...others);
    } catch (error) {
      for (const item of items) item.reject(unavailable(error));
      if (error !== refusal && isLost(error)) this.#connection.drop(client);
    }
  }

  #rejectAll(error: Error): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (const item of waiting) item.reject(error);
  }
}

export type OnDurable = (batch: WriteBatch, coins: ReadonlySet<string>) => void;

type CommitItem = {
  kind: "commit";
  writes: readonly Write[];
  bytes: number;
  onDurable: OnDurable;
  resolve: () => void;
  reject: (error: unknown) => void;
};
type AloneItem = {
  kind: "alone";
  run: (client: Client) => Promise<void>;
  reject: (error: unknown) => void;
};
type Item = CommitItem | AloneItem;

/** What a caller handed in is not what its type says: an identity that is no hexadecimal text. */
class UnwritableError extends Error {
  override readonly name = "UnwritableError";
}

const CLIENT_ID_INDEX = "flows_client_id";
/** The database as a whole refuses to write: full, out of memory or connections, read-only, I/O. */
const REFUSALS = /^(53|58|25006|57014)/;
/** The connection or the server is going away. */
const LOSSES = /^(08|57P0)/;

function isRefused(code: string | undefined): boolean {
  return code !== undefined && REFUSALS.test(code);
}

/** An error without an SQL code did not come from the server: the connection broke. */
function isLost(error: unknown): boolean {
  if (error instanceof UnwritableError) return false;
  const { code, severity } = error as { code?: string; severity?: string };
  return severity === undefined || LOSSES.test(code ?? "");
}

function clientIdsOf(item: CommitItem): { clientId: string; id: string }[] {
  return item.writes.flatMap((write) => {
    if (write.kind !== "flow" || write.record.clientId === undefined) return [];
    return [{ clientId: write.record.clientId, id: write.record.id }];
  });
}

/** A client id of the commit that another flow has, in the database or in the commit itself. */
function takenId(item: CommitItem, holders: ReadonlyMap<string, string>): string | undefined {
  const own = new Map(holders);
  for (const { clientId, id } of clientIdsOf(item)) {
    const holder = own.get(clientId) ?? id;
    if (holder !== id) return clientId;
    own.set(clientId, id);
  }
  return undefined;
}

function bytesOf(writes: readonly Write[]): number {
  return writes.reduce((total, write) => total + sizeOf(write), 0);
}

function sizeOf(write: Write): number {
  switch (write.kind) {
    case "transaction":
      return write.transaction.signed.length + write.transaction.receipt.length;
    case "attachment":
      return write.attachment.content.length;
    case "send":
      return write.message.body.length;
    case "journal":
      return write.chunk.entries.length;
    default:
      return 0;
  }
}
