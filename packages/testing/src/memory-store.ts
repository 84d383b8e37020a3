import {
  type Attachment,
  type CoinClaim,
  CoinPool,
  coinValue,
  columnValue,
  type FlowQuery,
  type FlowRecord,
  formatCursor,
  isEnded,
  type JournalChunk,
  jsonOf,
  meets,
  type OutgoingMessage,
  parseCursor,
  parseQuery,
  refuseClaim,
  SetAside,
  type StateTable,
  type Store,
  type StoredContentKey,
  type StoredFlow,
  type StoredTransaction,
  StoreError,
  type StoreRun,
  tableOf,
  type Vault,
  type VaultPage,
  type VaultQuery,
  type VaultState,
  type Write,
} from "@stateset/flow";
import {
  formatStateRef,
  type IdentityId,
  type StateRef,
  type TransactionId,
} from "@stateset/ledger";

/**
 * A node's memory that is lost with the process, by the rules that the real one keeps: for tests
 * and the simulator. What is handed in or out must not be changed afterwards.
 */
export class MemoryStore implements Store, Vault {
  readonly #data: MemoryData;
  readonly #tables: readonly StateTable[];
  readonly #clock: () => number;
  readonly #setAside = new SetAside();
  readonly #pools: Map<StateTable, CoinPool>;
  #closed = false;

  /** @param options `clock` gives milliseconds since 1970; without one, time stands still */
  constructor(options: { tables: readonly StateTable[]; clock?: () => number }, data?: MemoryData) {
    this.#tables = options.tables;
    this.#clock = options.clock ?? (() => 0);
    this.#data = data ?? new MemoryData();
    this.#pools = new Map(
      this.#tables.map((table) => [table, new CoinPool(table, this.#setAside)]),
    );
    for (const row of this.#data.states.values()) this.#offerCoin(row);
  }

  /** As after a crash: this one refuses everything, and a new one has what was committed. */
  reopen(tables: readonly StateTable[] = this.#tables): MemoryStore {
    this.#closed = true;
    return new MemoryStore({ tables, clock: this.#clock }, this.#data);
  }

  async begin(seen?: StoreRun): Promise<StoreRun> {
    this.#assertOpen();
    const data = this.#data;
    const isKnown =
      seen === undefined || (seen.incarnation === data.incarnation && seen.run <= data.run);
    if (!isKnown) data.incarnation = crypto.randomUUID();
    data.run = isKnown ? data.run + 1 : 1;
    return { incarnation: data.incarnation, run: data.run };
  }

  async commit(writes: readonly Write[]): Promise<void> {
    this.#assertOpen();
    this.#assertClientIdsFree(writes);
    for (const write of writes) this.#apply(write);
  }

  async unfinished(): Promise<StoredFlow[]> {
    this.#assertOpen();
    const records = [...this.#data.flows.values()].filter(({ status }) => !isEnded(status));
    return records.map((record) => ({ record: { ...record }, journal: this.#journal(record.id) }));
  }

  async undelivered(): Promise<OutgoingMessage[]> {
    this.#assertOpen();
    return [...this.#data.outbox.values()];
  }

  async flow(id: string): Promise<FlowRecord | undefined> {
    this.#assertOpen();
    const record = this.#data.flows.get(id);
    return record && { ...record };
  }

  async flowByClientId(clientId: string): Promise<FlowRecord | undefined> {
    return this.flow(this.#data.clientIds.get(clientId) ?? "");
  }

  async flows(query: FlowQuery): Promise<{ items: FlowRecord[]; nextCursor?: string }> {
    this.#assertOpen();
    const { statuses, flow, limit, cursor } = query;
    const before = cursor === undefined ? Number.POSITIVE_INFINITY : parseCursor(cursor);
    const rows = [...this.#data.flows.values()]
      .map((record, position) => ({ record, position }))
      .filter(({ record }) => statuses === undefined || statuses.includes(record.status))
      .filter(({ record }) => flow === undefined || record.flow === flow)
      .filter(({ position }) => position < before)
      .reverse();
    return page(rows, limit, ({ record }) => ({ ...record, input: "" }));
  }

  async journal(flowId: string): Promise<JournalChunk[]> {
    this.#assertOpen();
    return this.#journal(flowId);
  }

  async transactions(ids: readonly TransactionId[]): Promise<StoredTransaction[]> {
    this.#assertOpen();
    return foundIn(this.#data.transactions, ids);
  }

  async attachments(hashes: readonly string[]): Promise<Attachment[]> {
    this.#assertOpen();
    return foundIn(this.#data.attachments, hashes);
  }

  async contentKeys(txId: TransactionId): Promise<StoredContentKey[]> {
    this.#assertOpen();
    return [...this.#data.contentKeys.values()]
      .filter((key) => key.txId === txId && !this.#data.erasedKeys.has(nameOf(key)))
      .sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  }

  async eraseContentKeys(txId: TransactionId, keyIds?: readonly string[]): Promise<void> {
    for (const key of await this.contentKeys(txId))
      if (keyIds?.includes(key.keyId) ?? true) this.#data.erasedKeys.add(nameOf(key));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async query(query: VaultQuery): Promise<VaultPage> {
    this.#assertOpen();
    const { table, condition, after, limit, status, refs } = parseQuery(this.#tables, query);
    const { isOurs, participants } = query;
    const rows = [...this.#data.states.entries()]
      .map(([key, row], position) => ({ key, row, position, state: this.#vaultState(row) }))
      .filter(({ position }) => position > after)
      .filter(({ row }) => row.contract === table.contract && row.type === table.type)
      .filter(({ state }) => status === "all" || state.status === status)
      .filter(({ row }) => isOurs === undefined || row.isOurs === isOurs)
      .filter(({ row }) => participants?.some((each) => row.participants.includes(each)) ?? true)
      .filter(({ key }) => refs?.includes(key) ?? true)
      .filter(({ row }) => meets(condition, (column) => columnValue(column, row.state)));
    return page(rows, limit, ({ state }) => state);
  }

  async claim(claim: CoinClaim): Promise<StateRef[]> {
    this.#assertOpen();
    const pool = this.#pools.get(tableOf(this.#tables, claim)) as CoinPool;
    const kinds = pool.kindsFor(claim);
    for (const kind of kinds) {
      const refs = pool.claim(kind, claim);
      if (refs !== undefined) return refs;
    }
    throw refuseClaim(
      claim,
      kinds.map((kind) => pool.holdings(kind, claim.statesMax)),
    );
  }

  async reclaim(flowId: string, refs: readonly StateRef[]): Promise<void> {
    this.#assertOpen();
    for (const key of refs.map(formatStateRef)) {
      this.#setAside.add(flowId, key);
      for (const pool of this.#pools.values()) pool.withhold(key);
    }
  }

  async release(flowId: string): Promise<void> {
    this.#assertOpen();
    for (const key of this.#setAside.release(flowId)) {
      for (const pool of this.#pools.values()) pool.giveBack(key);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError({ code: "store/closed" });
  }

  #assertClientIdsFree(writes: readonly Write[]): void {
    const taken = new Map<string, string>();
    for (const write of writes) {
      if (write.kind !== "flow" || this.#data.flows.has(write.record.id)) continue;
      const { id, clientId } = write.record;
      if (clientId === undefined) continue;
      const holder = this.#data.clientIds.get(clientId) ?? taken.get(clientId);
      if (holder !== undefined && holder !== id) {
        throw new StoreError({ code: "store/client-id-taken", clientId });
      }
      taken.set(clientId, id);
    }
  }

  #apply(write: Write): void {
    const data = this.#data;
    if (write.kind === "flow") data.addFlow(write.record);
    else if (write.kind === "progress") data.setProgress(write);
    else if (write.kind === "journal") data.addJournal(write.chunk);
    else if (write.kind === "send") data.addMessage(write.message);
    else if (write.kind === "delivered") data.removeDelivered(write.session, write.upTo);
    else if (write.kind === "transaction") {
      addNew(data.transactions, write.transaction.id, write.transaction);
    } else if (write.kind === "attachment") {
      addNew(data.attachments, write.attachment.hash, write.attachment);
    } else if (write.kind === "content-key") {
      addNew(data.contentKeys, nameOf(write.contentKey), write.contentKey);
    } else if (write.kind === "state") this.#addState(write);
    else this.#consume(write);
  }

  #addState({ state }: Extract<Write, { kind: "state" }>): void {
    const key = formatStateRef(state.ref);
    if (this.#data.states.has(key)) return;
    const { ref, contract, type, participants, isOurs } = state;
    const json = jsonOf(state.state) as Record<string, unknown>;
    const recordedAt = this.#clock();
    const row = { ref, contract, type, participants, isOurs, state: json, recordedAt };
    this.#data.states.set(key, row);
    this.#offerCoin(row);
  }

  #consume({ ref, by, at }: Extract<Write, { kind: "consume" }>): void {
    const key = formatStateRef(ref);
    // Kept for states that are not held as well: the history of one may arrive in any order.
    addNew(this.#data.consumptions, key, { by, at });
    this.#setAside.remove(key);
    for (const pool of this.#pools.values()) pool.remove(key);
  }

  #offerCoin(row: StateRow): void {
    if (!row.isOurs || this.#data.consumptions.has(formatStateRef(row.ref))) return;
    for (const [table, pool] of this.#pools) {
      if (table.contract !== row.contract || table.type !== row.type) continue;
      const value = coinValue(table, row.state);
      if (value !== undefined) pool.add({ ref: row.ref, ...value });
    }
  }

  #journal(flowId: string): JournalChunk[] {
    return [...(this.#data.journals.get(flowId)?.values() ?? [])].sort((a, b) => a.from - b.from);
  }

  #vaultState({ participants: _, ...row }: StateRow): VaultState {
    const consumption = this.#data.consumptions.get(formatStateRef(row.ref));
    if (consumption === undefined) return { ...row, status: "unconsumed" };
    return { ...row, status: "consumed", consumedBy: consumption.by, consumedAt: consumption.at };
  }
}

type StateRow = {
  ref: StateRef;
  contract: string;
  type: string;
  participants: readonly IdentityId[];
  isOurs: boolean;
  state: Record<string, unknown>;
  recordedAt: number;
};

/** What survives a crash. Maps keep the order in which entries were made. */
class MemoryData {
  incarnation: string = crypto.randomUUID();
  run = 0;
  readonly flows = new Map<string, FlowRecord>();
  readonly clientIds = new Map<string, string>();
  readonly journals = new Map<string, Map<number, JournalChunk>>();
  readonly outbox = new Map<string, OutgoingMessage>();
  readonly transactions = new Map<string, StoredTransaction>();
  readonly attachments = new Map<string, Attachment>();
  readonly contentKeys = new Map<string, StoredContentKey>();
  readonly erasedKeys = new Set<string>();
  readonly states = new Map<string, StateRow>();
  readonly consumptions = new Map<string, { by: TransactionId; at: number }>();

  addFlow(record: FlowRecord): void {
    if (this.flows.has(record.id)) return;
    this.flows.set(record.id, { ...record });
    if (record.clientId !== undefined) this.clientIds.set(record.clientId, record.id);
  }

  /** An ended flow stays as it is, so that a write that comes again late changes nothing. */
  setProgress({ kind: _, flowId, ...changes }: Extract<Write, { kind: "progress" }>): void {
    if (isEnded(changes.status)) this.journals.delete(flowId);
    const record = this.flows.get(flowId);
    if (record === undefined || isEnded(record.status)) return;
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    this.flows.set(flowId, { ...record, ...Object.fromEntries(given) });
  }

  addJournal(chunk: JournalChunk): void {
    const { flowId, from } = chunk;
    const record = this.flows.get(flowId);
    if (record !== undefined && isEnded(record.status)) return;
    const journal = this.journals.get(flowId) ?? new Map<number, JournalChunk>();
    addNew(journal, from, chunk);
    this.journals.set(flowId, journal);
  }

  addMessage(message: OutgoingMessage): void {
    addNew(this.outbox, `${message.session} ${message.sequence}`, message);
  }

  removeDelivered(session: string, upTo: number): void {
    for (const [key, message] of this.outbox) {
      if (message.session === session && message.sequence <= upTo) this.outbox.delete(key);
    }
  }
}

function nameOf({ txId, keyId }: StoredContentKey): string {
  return `${txId} ${keyId}`;
}

function addNew<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (!map.has(key)) map.set(key, value);
}

function foundIn<V>(map: ReadonlyMap<string, V>, keys: readonly string[]): V[] {
  return keys.map((key) => map.get(key)).filter((value) => value !== undefined);
}

function page<Row extends { position: number }, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
): { items: Item[]; nextCursor?: string } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(itemOf);
  if (last === undefined || rows.length <= limit) return { items };
  return { items, nextCursor: formatCursor(last.position) };
}
