import { toHex } from "@stateset/codec";
import type {
  Attachment,
  FlowRecord,
  JournalChunk,
  OutgoingMessage,
  RelevantState,
  StateTable,
  StoredContentKey,
  StoredTransaction,
  Write,
} from "@stateset/flow";
import type { BundleHash, IdentityId, StateRef, TransactionId } from "@stateset/ledger";

export const RECORDED_AT = Date.UTC(2026, 0, 31, 10);

/** Of coins, and of a document with a column of each type. */
export const complianceTables: readonly StateTable[] = [
  {
    contract: "cash",
    type: "cash",
    version: 1,
    columns: [
      { name: "currency", type: "text", path: "amount.currency" },
      { name: "minor_units", type: "integer", path: "amount.minorUnits" },
      { name: "issuer_id", type: "text", path: "issuer.id" },
    ],
    participants: ["issuer", "owner"],
    owner: "owner",
    fungible: { quantity: "minor_units", kind: ["issuer_id", "currency"] },
    indexes: [["currency", "minor_units"]],
  },
  {
    contract: "paper",
    type: "note",
    version: 1,
    columns: [
      { name: "title", type: "text", path: "title" },
      { name: "total", type: "integer", path: "total" },
      { name: "is_open", type: "boolean", path: "isOpen" },
      { name: "due_date", type: "date", path: "dueDate" },
      { name: "sent_at", type: "timestamp", path: "sentAt" },
      { name: "lines", type: "json", path: "lines" },
    ],
    participants: [],
  },
];

/** Ids that say which number made them. */
export const idOf = (number: number) => number.toString(16).padStart(64, "0");
export const transactionIdOf = (number: number) => idOf(number) as TransactionId;
export const identityOf = (number: number) => idOf(number) as IdentityId;
export const uuidOf = (number: number) =>
  `00000000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
export const refOf = (number: number, index = 0): StateRef => ({
  txId: transactionIdOf(number),
  index,
});

export function flowOf(number: number, changes: Partial<FlowRecord> = {}): FlowRecord {
  return {
    id: uuidOf(number),
    flow: "cash/pay",
    bundle: idOf(1),
    status: "RUNNING",
    input: `{"number":${number}}`,
    startedBy: "ann",
    startedAt: RECORDED_AT + number,
    ...changes,
  };
}

export function chunkOf(flow: number, from: number): JournalChunk {
  return { flowId: uuidOf(flow), from, entries: new Uint8Array([flow, from]) };
}

export function messageOf(session: number, sequence: number): OutgoingMessage {
  const body = new Uint8Array([session, sequence]);
  return { flowId: uuidOf(1), session: uuidOf(session), sequence, peer: identityOf(9), body };
}

export function transactionOf(number: number): StoredTransaction {
  return {
    id: transactionIdOf(number),
    signed: new Uint8Array([1, number]),
    receipt: new Uint8Array([2, number]),
    notarisedAt: RECORDED_AT - number,
  };
}

export function attachmentOf(number: number, bytes = 3): Attachment {
  return { hash: idOf(number), kind: "document", content: new Uint8Array(bytes).fill(number) };
}

export function contentKeyOf(number: number, keyId: string): StoredContentKey {
  return { txId: transactionIdOf(number), keyId, wrapped: new Uint8Array(80).fill(number) };
}

export type CoinOptions = { currency?: string; issuer?: number; isOurs?: boolean };

export function coinOf(
  number: number,
  minorUnits: bigint,
  options: CoinOptions = {},
): RelevantState {
  const { currency = "CHF", issuer = 7, isOurs = true } = options;
  return {
    ref: refOf(number),
    contract: "cash",
    type: "cash",
    state: { issuer: { id: idOf(issuer) }, amount: { minorUnits, currency } },
    participants: [identityOf(issuer)],
    isOurs,
    bundle: idOf(1) as BundleHash,
    notarisedAt: RECORDED_AT,
  };
}

export function noteOf(number: number, state: Record<string, unknown>): RelevantState {
  return { ...coinOf(number, 0n), contract: "paper", type: "note", state };
}

export function recordStates(...states: RelevantState[]): Write[] {
  return states.map((state) => ({ kind: "state", state }));
}

export function consume(number: number, by: number): Write {
  return { kind: "consume", ref: refOf(number), by: transactionIdOf(by), at: RECORDED_AT + by };
}

/** A copy whose bytes compare by value, whichever class of array a store hands out. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** For tests of stores beyond the compliance suites. */
export const storeFixture = {
  attachmentOf,
  chunkOf,
  coinOf,
  consume,
  contentKeyOf,
  flowOf,
  idOf,
  identityOf,
  messageOf,
  noteOf,
  plain,
  recordStates,
  refOf,
  transactionIdOf,
  transactionOf,
  uuidOf,
};
