import {
  type Attachment,
  ENDED_STATUSES,
  type FlowProblem,
  type FlowQuery,
  type FlowRecord,
  type FlowStatus,
  formatCursor,
  type JournalChunk,
  type OutgoingMessage,
  parseCursor,
  type Store,
  type StoredContentKey,
  type StoredFlow,
  type StoredTransaction,
  StoreError,
  type StoreRun,
  type Write,
} from "@stateset/flow";
import type { IdentityId, TransactionId } from "@stateset/ledger";
import type { Pool, QueryResultRow } from "pg";
import type { Coins } from "./coins.ts";
import type { GroupCommit } from "./group-commit.ts";
import { unavailable, type WriterConnection } from "./writer-connection.ts";

/** A node's durable memory in PostgreSQL. */
export class PostgresStore implements Store {
  readonly #reads: Pool;
  readonly #group: GroupCommit;
  readonly #connection: WriterConnection;
  readonly #coins: Coins;
  #closing: Promise<void> | undefined;

  constructor(options: {
    reads: Pool;
    group: GroupCommit;
    connection: WriterConnection;
    coins: Coins;
  }) {
    this.#reads = options.reads;
    this.#group = options.group;
    this.#connection = options.connection;
    this.#coins = options.coins;
  }

  async begin(seen?: StoreRun): Promise<StoreRun> {
    const values = [seen?.incarnation, seen?.run, seen?.mark];
    const { rows } = await this.#group.alone((client) => client.query<StoreRun>(BEGIN, values));
    const begun = rows[0] as StoreRun;
    this.#connection.guard(begun);
    return begun;
  }

  commit(writes: readonly Write[]): Promise<void> {
    return this.#coins.commit(writes);
  }

  async unfinished(): Promise<StoredFlow[]> {
    const flows = await this.#read<FlowRow>(
      `${SELECT_FLOW} where status not in (${ENDED_STATUSES.map((each) => `'${each}'`)}) order by position`,
    );
    const chunks = await this.#read<ChunkRow>(`${SELECT_JOURNAL} order by flow_id, first`);
    const journals = Map.groupBy(chunks.map(chunkOf), ({ flowId }) => flowId);
    return flows.map((row) => ({ record: recordOf(row), journal: journals.get(row.id) ?? [] }));
  }

  async undelivered(): Promise<OutgoingMessage[]> {
    const rows = await this.#read<MessageRow>(
      "select session, sequence, flow_id, peer, body from flow.outbox order by position",
    );
    return rows.map(({ flow_id: flowId, session, sequence, peer, body }) => ({
      flowId,
      session,
      sequence,
      peer: peer.toString("hex") as IdentityId,
      body,
    }));
  }

  async flow(id: string): Promise<FlowRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const [row] = await this.#read<FlowRow>(`${SELECT_FLOW} where id = $1`, [id]);
    return row && recordOf(row);
  }

  async flowByClientId(clientId: string): Promise<FlowRecord | undefined> {
    const [row] = await this.#read<FlowRow>(`${SELECT_FLOW} where client_id = $1`, [clientId]);
    return row && recordOf(row);
  }

  async flows(query: FlowQuery): Promise<{ items: FlowRecord[]; nextCursor?: string }> {
    const { statuses, flow, limit, cursor } = query;
    const values: unknown[] = [limit + 1];
    const conditions = ["true"];
    const where = (condition: string, value: unknown) => {
      values.push(value);
      conditions.push(condition.replace("?", `$${values.length}`));
    };
    if (statuses !== undefined) where("status = any(?::text[])", statuses);
    if (flow !== undefined) where("flow = ?", flow);
    if (cursor !== undefined) where("position < ?", parseCursor(cursor));
    const rows = await this.#read<FlowRow>(
      `${SELECT_LISTED} where ${conditions.join(" and ")} order by position desc limit $1`,
      values,
    );
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(recordOf),
      ...(last && rows.length > limit && { nextCursor: formatCursor(Number(last.position)) }),
    };
  }

  async journal(flowId: string): Promise<JournalChunk[]> {
    if (!UUID.test(flowId)) return [];
    const rows = await this.#read<ChunkRow>(`${SELECT_JOURNAL} where flow_id = $1 order by first`, [
      flowId,
    ]);
    return rows.map(chunkOf);
  }

  async transactions(ids: readonly TransactionId[]): Promise<StoredTransaction[]> {
    const rows = await this.#read<TransactionRow>(
      "select id, signed, receipt, notarised_at from ledger.transactions where id = any($1::bytea[])",
      [ids.map((id) => Buffer.from(id, "hex"))],
    );
    const found = new Map(
      rows.map(
        ({ id, signed, receipt, notarised_at: notarisedAt }): [string, StoredTransaction] => {
          const name = id.toString("hex") as TransactionId;
          return [name, { id: name, signed, receipt, notarisedAt: notarisedAt.getTime() }];
        },
      ),
    );
    return inOrder(ids, found);
  }

  async attachments(hashes: readonly string[]): Promise<Attachment[]> {
    const rows = await this.#read<Attachment & QueryResultRow>(
      "select hash, kind, content from ledger.attachments where hash = any($1::text[])",
      [hashes],
    );
    return inOrder(hashes, new Map(rows.map((row) => [row.hash, row])));
  }

  async contentKeys(txId: TransactionId): Promise<StoredContentKey[]> {
    const rows = await this.#read<ContentKeyRow>(
      `select key_id, wrapped from ledger.content_keys where tx_id = $1 and wrapped is not null
        order by key_id`,
      [Buffer.from(txId, "hex")],
    );
    return rows.map(({ key_id: keyId, wrapped }) => ({ txId, keyId, wrapped }));
  }

  async eraseContentKeys(txId: TransactionId, keyIds?: readonly string[]): Promise<void> {
    const values = [Buffer.from(txId, "hex"), keyIds];
    await this.#group.alone((client) => client.query(ERASE_CONTENT_KEYS, values));
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#group.close();
      await this.#connection.close();
      await this.#reads.end();
    })();
    return this.#closing;
  }

  async #read<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    if (this.#closing !== undefined) throw new StoreError({ code: "store/closed" });
    try {
      const { rows } = await this.#reads.query<Row>({ text, values });
      return rows;
    } catch (error) {
      throw unavailable(error);
    }
  }
}

/**
 * The mark is the number of the transaction that wrote the row: whatever writes it anew, such as
 * the restoring of a dump, leaves another one. A run above the remembered one was begun by a process
 * that died before it could remember it.
 */
const BEGIN = `insert into flow.node as node (incarnation, run) values (gen_random_uuid(), 1)
  on conflict (id) do update set (incarnation, run) = (
    select case when known then node.incarnation else gen_random_uuid() end,
      case when known then node.run + 1 else 1 end
    from (select $1::uuid is null or (node.incarnation = $1::uuid and (node.run > $2::int4
      or (node.run = $2::int4 and node.xmin::text = coalesce($3::text, node.xmin::text)))) as known) k
  ) returning incarnation, run, xmin::text as mark`;
const ERASE_CONTENT_KEYS = `update ledger.content_keys set wrapped = null
  where tx_id = $1 and ($2::text[] is null or key_id = any($2::text[]))`;
const selectFlow = (input: string) =>
  `select id, position, client_id, flow, bundle, status, ${input} as input, started_by, initiator,
    result, error, progress, started_at, ended_at from flow.flows`;
const SELECT_FLOW = selectFlow("input");
/** A page of documents would be more than the node can hold. */
const SELECT_LISTED = selectFlow("''");
const SELECT_JOURNAL = "select flow_id, first, entries from flow.journal";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type FlowRow = {
  id: string;
  position: string;
  client_id: string | null;
  flow: string;
  bundle: string;
  status: FlowStatus;
  input: string;
  started_by: string;
  initiator: Buffer | null;
  result: string | null;
  error: string | null;
  progress: string | null;
  started_at: Date;
  ended_at: Date | null;
};
type ChunkRow = { flow_id: string; first: number; entries: Buffer };
type MessageRow = {
  session: string;
  sequence: number;
  flow_id: string;
  peer: Buffer;
  body: Buffer;
};
type ContentKeyRow = { key_id: string; wrapped: Buffer };
type TransactionRow = { id: Buffer; signed: Buffer; receipt: Buffer; notarised_at: Date };

function recordOf(row: FlowRow): FlowRecord {
  const { id, flow, bundle, status, input } = row;
  const { client_id, initiator, result, error, progress, ended_at } = row;
  return {
    id,
    flow,
    bundle,
    status,
    input,
    startedBy: row.started_by,
    startedAt: row.started_at.getTime(),
    ...(client_id !== null && { clientId: client_id }),
    ...(initiator !== null && { initiator: initiator.toString("hex") as IdentityId }),
    ...(result !== null && { result }),
    ...(error !== null && { error: JSON.parse(error) as FlowProblem }),
    ...(progress !== null && { progress }),
    ...(ended_at !== null && { endedAt: ended_at.getTime() }),
  };
}

function chunkOf({ flow_id: flowId, first: from, entries }: ChunkRow): JournalChunk {
  return { flowId, from, entries };
}

function inOrder<V>(keys: readonly string[], found: ReadonlyMap<string, V>): V[] {
  return keys.map((key) => found.get(key)).filter((value) => value !== undefined);
}
