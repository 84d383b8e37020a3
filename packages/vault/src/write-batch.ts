import {
  type Attachment,
  coinValue,
  type FlowRecord,
  isEnded,
  type JournalChunk,
  jsonOf,
  type OutgoingMessage,
  type RelevantState,
  type StoredContentKey,
  type StoredTransaction,
  type Write,
} from "@stateset/flow";
import { formatStateRef, type StateRef, type TransactionId } from "@stateset/ledger";
import type { TypedTable } from "./state-tables.ts";

/** Changes to a flow that may or may not be in the database yet. */
export type FlowChange = Omit<Extract<Write, { kind: "progress" }>, "kind">;

export type Consumption = { ref: StateRef; by: TransactionId; at: number };

/** A state to be recorded, with what its own batch already knows of its consumption. */
export type RecordedState = Omit<RelevantState, "state"> & {
  state: unknown;
  coin: { kind: string; quantity: bigint } | undefined;
};

/**
 * Folds the writes of many commits, in order, into what one SQL statement can do. All parts of a
 * statement see the database as it was before, so whatever one write does to another of the same
 * batch has to happen here.
 */
export class WriteBatch {
  readonly flows = new Map<string, FlowRecord>();
  readonly changes = new Map<string, FlowChange>();
  readonly journal = new Map<string, Map<number, JournalChunk>>();
  readonly ended = new Set<string>();
  readonly #messages = new Map<string, OutgoingMessage>();
  /** The highest number that each session's peer has made durable. */
  readonly delivered = new Map<string, number>();
  readonly transactions = new Map<string, StoredTransaction>();
  readonly attachments = new Map<string, Attachment>();
  readonly contentKeys = new Map<string, StoredContentKey>();
  readonly states = new Map<string, RecordedState>();
  readonly consumptions = new Map<string, Consumption>();
  readonly #clientIds = new Map<string, string>();
  readonly #tables: readonly TypedTable[];

  constructor(tables: readonly TypedTable[]) {
    this.#tables = tables;
  }

  /**
   * Takes all writes of a commit, or none: what depends on rows that only the database knows, and
   * that this batch may change, waits for the next one.
   */
  add(writes: readonly Write[]): boolean {
    if (!writes.every((write) => this.#canFollow(write))) return false;
    for (const write of writes) this.#add(write);
    return true;
  }

  #canFollow(write: Write): boolean {
    if (write.kind === "journal") {
      const { flowId } = write.chunk;
      return !this.ended.has(flowId) || this.flows.has(flowId);
    }
    if (write.kind !== "flow" || this.flows.has(write.record.id)) return true;
    const { id, clientId } = write.record;
    const isTaken = clientId !== undefined && this.#clientIds.has(clientId);
    return !isTaken && !this.changes.has(id);
  }

  #add(write: Write): void {
    if (write.kind === "flow") this.#addFlow(write.record);
    else if (write.kind === "progress") this.#addProgress(write);
    else if (write.kind === "journal") this.#addJournal(write.chunk);
    else if (write.kind === "send") this.#addMessage(write.message);
    else if (write.kind === "delivered") this.#addDelivered(write.session, write.upTo);
    else if (write.kind === "transaction")
      addNew(this.transactions, write.transaction.id, write.transaction);
    else if (write.kind === "attachment")
      addNew(this.attachments, write.attachment.hash, write.attachment);
    else if (write.kind === "content-key") {
      const { txId, keyId } = write.contentKey;
      addNew(this.contentKeys, `${txId} ${keyId}`, write.contentKey);
    } else if (write.kind === "state") this.#addState(write.state);
    else addNew(this.consumptions, formatStateRef(write.ref), write);
  }

  #addFlow(record: FlowRecord): void {
    if (this.flows.has(record.id)) return;
    this.flows.set(record.id, record);
    if (record.clientId !== undefined) this.#clientIds.set(record.clientId, record.id);
  }

  /** Applies to the record of this batch and to the row, whichever of the two will be there. */
  #addProgress({ kind: _, flowId, ...given }: Extract<Write, { kind: "progress" }>): void {
    const before = this.changes.get(flowId);
    if (before !== undefined && isEnded(before.status)) return;
    const change = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    this.changes.set(flowId, { ...before, ...change, flowId } as FlowChange);
    const record = this.flows.get(flowId);
    if (record !== undefined && !isEnded(record.status)) {
      this.flows.set(flowId, { ...record, ...change });
    }
    if (!isEnded(given.status)) return;
    this.ended.add(flowId);
    this.journal.delete(flowId);
  }

  #addJournal(chunk: JournalChunk): void {
    if (this.ended.has(chunk.flowId)) return;
    addNew(within(this.journal, chunk.flowId), chunk.from, chunk);
  }

  #addMessage(message: OutgoingMessage): void {
    addNew(this.#messages, `${message.session} ${message.sequence}`, message);
  }

  #addDelivered(session: string, upTo: number): void {
    this.delivered.set(session, Math.max(upTo, this.delivered.get(session) ?? -1));
  }

  /** What is to be sent and was not delivered meanwhile, in order. */
  messages(): OutgoingMessage[] {
    return [...this.#messages.values()].filter(
      ({ session, sequence }) => sequence > (this.delivered.get(session) ?? -1),
    );
  }

  #addState(state: RelevantState): void {
    const key = formatStateRef(state.ref);
    if (this.states.has(key)) return;
    const typed = this.typedTable(state);
    const json = jsonOf(state.state);
    const coin = typed && state.isOurs ? coinValue(typed.table, json) : undefined;
    this.states.set(key, { ...state, state: json, coin });
  }

  typedTable(state: { contract: string; type: string }): TypedTable | undefined {
    return this.#tables.find(
      ({ table }) => table.contract === state.contract && table.type === state.type,
    );
  }
}

function addNew<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (!map.has(key)) map.set(key, value);
}

function within<K, V>(map: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = new Map<K, V>();
  map.set(key, made);
  return made;
}
