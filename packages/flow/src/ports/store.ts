import type { BundleHash, IdentityId, StateRef, TransactionId } from "@stateset/ledger";

/**
 * A node's durable memory. `commit` is all or nothing, and durable when it resolves; whatever is
 * committed at the same time shares one write to disk. Ids of flows and sessions are UUIDs.
 */
export interface Store {
  /**
   * Counts a start of the node on this database: `run` is one more than at the last one. A database
   * that does not know the run that the node remembers was restored or replaced, and begins a new
   * incarnation, so that peers do not take up what it has forgotten.
   * @param seen what `begin` gave at the node's last start, kept outside the database
   */
  begin(seen?: StoreRun): Promise<StoreRun>;
  commit(writes: readonly Write[]): Promise<void>;
  /** Flows that have not ended, with their journals, oldest first. */
  unfinished(): Promise<StoredFlow[]>;
  /** Messages that their receivers have not made durable, in order. */
  undelivered(): Promise<OutgoingMessage[]>;
  flow(id: string): Promise<FlowRecord | undefined>;
  flowByClientId(clientId: string): Promise<FlowRecord | undefined>;
  /** A page of flows. Inputs may be megabytes: each `input` is empty. */
  flows(query: FlowQuery): Promise<{ items: FlowRecord[]; nextCursor?: string }>;
  /** The journal of a flow, ended or not, as far as it is kept. */
  journal(flowId: string): Promise<JournalChunk[]>;
  transactions(ids: readonly TransactionId[]): Promise<StoredTransaction[]>;
  attachments(hashes: readonly string[]): Promise<Attachment[]>;
  /** The content keys of a transaction that were not erased, by their ids. */
  contentKeys(txId: TransactionId): Promise<StoredContentKey[]>;
  /**
   * Erases content keys of a transaction, all of them unless ids are given, and with them what is
   * sealed. An erased key does not come back, though it be written again. Durable when it resolves.
   */
  eraseContentKeys(txId: TransactionId, keyIds?: readonly string[]): Promise<void>;
  /** Ends the connections; what was not committed yet is refused. */
  close(): Promise<void>;
}

/** A run of a node on a database, counted from 1 in each incarnation of the database. */
export type StoreRun = {
  incarnation: string;
  run: number;
  /** What tells the database that counted the run from a copy of it, where the store has such. */
  mark?: string;
};

export type FlowStatus =
  | "RUNNING"
  | "WAITING"
  | "COMPLETED"
  | "FAILED"
  | "HOSPITAL"
  | "PAUSED"
  | "KILLED";

/** A problem as it is stored and shown: a stable code, a sentence, and the facts. */
export type FlowProblem = { code: string; detail: string; facts: Record<string, unknown> };

export type FlowRecord = {
  id: string;
  /** The flow's name, such as `cash/pay`. */
  flow: string;
  /** The hash of the bundle whose code it began under. */
  bundle: string;
  status: FlowStatus;
  /** JSON text of the input, integers above 2^53 as text; what a store is given is sealed. */
  input: string;
  clientId?: string;
  /** Who started it: a user of the node, or for a responder the peer. */
  startedBy: string;
  /** For a responder: whose session it answers. Its id is the session's. */
  initiator?: IdentityId;
  /** JSON text. */
  result?: string;
  error?: FlowProblem;
  /** What it is doing, or waits for, in words. */
  progress?: string;
  startedAt: number;
  endedAt?: number;
};

/** Consecutive journal entries, encoded together; `from` is the first one's number. */
export type JournalChunk = { flowId: string; from: number; entries: Uint8Array };

export type StoredFlow = { record: FlowRecord; journal: JournalChunk[] };

export type OutgoingMessage = {
  flowId: string;
  session: string;
  /** Counts the messages of one side of the session from 0. */
  sequence: number;
  peer: IdentityId;
  body: Uint8Array;
};

/** A transaction that this node has verified and that was notarised. */
export type StoredTransaction = {
  id: TransactionId;
  /** A signed transaction, canonical. */
  signed: Uint8Array;
  /** Canonical bytes of the receipt. */
  receipt: Uint8Array;
  /** The block time of its notarisation. */
  notarisedAt: number;
};

/** An attachment by hash; bundles with all their signatures, as bundle files. */
export type Attachment = { hash: string; kind: "bundle" | "app" | "document"; content: Uint8Array };

/** The key of a sealed component, wrapped for this node; see `wrapContentKey`. */
export type StoredContentKey = { txId: TransactionId; keyId: string; wrapped: Uint8Array };

/** A state that concerns this node, created by a transaction recorded in the same commit. */
export type RelevantState = {
  ref: StateRef;
  contract: string;
  type: string;
  /** The state, decoded under its contract's schema. */
  state: Record<string, unknown>;
  /** The identities that the state's schema calls participants. */
  participants: readonly IdentityId[];
  /** Whether this node's identity may spend it. */
  isOurs: boolean;
  bundle: BundleHash;
  notarisedAt: number;
};

/** What one commit changes. Every write may be repeated without effect. */
export type Write =
  | { kind: "flow"; record: FlowRecord }
  | { kind: "journal"; chunk: JournalChunk }
  /** Sets what is given of a flow that exists. An ended flow's journal is dropped. */
  | {
      kind: "progress";
      flowId: string;
      status: FlowStatus;
      result?: string;
      error?: FlowProblem;
      progress?: string;
      endedAt?: number;
    }
  | { kind: "send"; message: OutgoingMessage }
  /** The peer has made durable what was sent to it in the session, up to and with a number. */
  | { kind: "delivered"; session: string; upTo: number }
  | { kind: "transaction"; transaction: StoredTransaction }
  | { kind: "state"; state: RelevantState }
  | { kind: "consume"; ref: StateRef; by: TransactionId; at: number }
  | { kind: "attachment"; attachment: Attachment }
  | { kind: "content-key"; contentKey: StoredContentKey };

export type FlowQuery = {
  statuses?: readonly FlowStatus[];
  flow?: string;
  limit: number;
  cursor?: string;
};

/** What a Store cannot do. Codes are stable. */
export type StoreFault =
  /** The database is away or refuses to write; the commit may or may not have happened. */
  | { code: "store/unavailable"; reason: string }
  | { code: "store/closed" }
  /** Another process has begun to run on the database, or it was restored: this run is over. */
  | { code: "store/superseded" }
  /** A client id that another flow or another input already has. */
  | { code: "store/client-id-taken"; clientId: string };

export class StoreError extends Error {
  readonly fault: StoreFault;

  constructor(fault: StoreFault, options?: ErrorOptions) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`, options);
    this.name = "StoreError";
    this.fault = fault;
  }

  get code(): StoreFault["code"] {
    return this.fault.code;
  }
}
