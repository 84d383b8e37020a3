import { decode, encode } from "@stateset/codec";
import {
  type BundleFile,
  type BundleHash,
  decodeSignedTransaction,
  type IdentityId,
  type Receipt,
  receiptSchema,
  type SignedTransaction,
  type TransactionId,
  transactionId,
} from "@stateset/ledger";
import { FlowFailure, type HistoryTicket } from "../flow-context.ts";
import type { Network } from "../ports/network.ts";
import {
  BUNDLES_REQUEST,
  bundlesRequestSchema,
  bundlesResponseSchema,
  HISTORY_REQUEST,
  historyRequestSchema,
  historyResponseSchema,
  REQUESTED_MAX,
} from "./history-wire.ts";
import { parentsOf } from "./known-transaction.ts";

/** Fetched and not yet checked; a longer history needs its parties to come to a checkpoint first. */
const HISTORY_TRANSACTIONS_MAX = 10_000;
const HISTORY_BYTES_MAX = 128 << 20;
const REQUEST_TIMEOUT_MS = 60_000;

export type HistoryEntry = { signed: SignedTransaction; receipt: Receipt };

/**
 * The transactions that a peer's transaction builds on and this node lacks, in an order in which
 * each can be checked after those it builds on. Breadth first and without recursion: a history as
 * deep as it is long costs no stack.
 * @throws FlowFailure `history/…`, RemoteFailure
 */
export async function fetchHistory(
  missing: readonly TransactionId[],
  from: { peer: IdentityId; tickets: readonly HistoryTicket[] },
  on: {
    network: Network;
    known: (ids: readonly TransactionId[]) => Promise<Set<TransactionId>>;
    transactionsMax?: number;
  },
): Promise<HistoryEntry[]> {
  const { transactionsMax = HISTORY_TRANSACTIONS_MAX } = on;
  const tickets = new Map(from.tickets.map((each) => [each.id, each]));
  const fetched = new Map<TransactionId, HistoryEntry & { parents: TransactionId[] }>();
  let bytes = 0;
  const wanted = new Set(missing);
  while (wanted.size > 0) {
    const batch = [...wanted].slice(0, REQUESTED_MAX);
    const asked = batch.map((id) => tickets.get(id)).filter((each) => each !== undefined);
    if (asked.length < batch.length)
      throw failure("history/no-ticket", "the peer gave no ticket for a transaction", from.peer);
    const answer = await ask(asked, from.peer, on.network);
    if (answer.transactions.length === 0)
      throw failure(
        "history/incomplete",
        "the peer lacks what its transaction builds on",
        from.peer,
      );
    const builtOn = new Set<TransactionId>();
    for (const { signed: encoded, receipt, parents: given } of answer.transactions) {
      bytes += encoded.length + receipt.length;
      const signed = decodeSignedTransaction(encoded);
      const id = transactionId(signed.transaction);
      if (!wanted.delete(id)) throw failure("history/unasked", "not what was asked for", from.peer);
      const parents = parentsOf(signed.transaction);
      for (const ticket of given) if (parents.includes(ticket.id)) tickets.set(ticket.id, ticket);
      fetched.set(id, { signed, receipt: decode(receiptSchema, receipt), parents });
      for (const parent of parents) if (!fetched.has(parent)) builtOn.add(parent);
    }
    if (fetched.size > transactionsMax || bytes > HISTORY_BYTES_MAX)
      throw failure("history/too-long", "the history is longer than this node fetches", from.peer);
    const have = await on.known([...builtOn]);
    for (const id of builtOn) if (!have.has(id) && !fetched.has(id)) wanted.add(id);
  }
  return inOrder(fetched);
}

/** Parents first. A cycle would need two hashes that contain each other, and cannot be. */
function inOrder(
  fetched: ReadonlyMap<TransactionId, HistoryEntry & { parents: TransactionId[] }>,
): HistoryEntry[] {
  const children = new Map<TransactionId, TransactionId[]>();
  const waitingFor = new Map<TransactionId, number>();
  const ready: TransactionId[] = [];
  for (const [id, { parents }] of fetched) {
    const inside = parents.filter((parent) => fetched.has(parent));
    waitingFor.set(id, inside.length);
    if (inside.length === 0) ready.push(id);
    for (const parent of inside) {
      const others = children.get(parent);
      if (others === undefined) children.set(parent, [id]);
      else others.push(id);
    }
  }
  const ordered: HistoryEntry[] = [];
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    const entry = fetched.get(id);
    if (entry !== undefined) ordered.push(entry);
    for (const child of children.get(id) ?? []) {
      const left = (waitingFor.get(child) ?? 0) - 1;
      waitingFor.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return ordered;
}

async function ask(wanted: HistoryTicket[], peer: IdentityId, network: Network) {
  const body = encode(historyRequestSchema, { wanted });
  const timeoutMs = REQUEST_TIMEOUT_MS;
  return decode(
    historyResponseSchema,
    await network.request(peer, HISTORY_REQUEST, body, { timeoutMs }),
  );
}

export async function fetchBundles(
  wanted: readonly BundleHash[],
  peer: IdentityId,
  network: Network,
): Promise<BundleFile[]> {
  const body = encode(bundlesRequestSchema, { wanted: [...wanted] });
  const timeoutMs = REQUEST_TIMEOUT_MS;
  const answer = await network.request(peer, BUNDLES_REQUEST, body, { timeoutMs });
  return decode(bundlesResponseSchema, answer).bundles;
}

function failure(code: string, detail: string, peer: IdentityId): FlowFailure {
  return new FlowFailure(code, detail, { peer });
}
