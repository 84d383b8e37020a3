import { decode, encode, record } from "@stateset/codec";
import {
  type BundleHash,
  encodeSignedTransaction,
  type GoverningContract,
  type IdentityId,
  type MemberSet,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type Receipt,
  receiptSchema,
  type Transaction,
  TransactionBuilder,
  type TransactionId,
  transactionId,
} from "@stateset/ledger";
import { beforeEach, describe, expect, test } from "vitest";
import type { HistoryTicket } from "../flow-context.ts";
import { type Network, RemoteFailure } from "../ports/network.ts";
import { fetchHistory } from "./fetch-history.ts";
import {
  type HistoryResponse,
  historyRequestSchema,
  historyResponseSchema,
  REQUESTED_MAX,
} from "./history-wire.ts";

const hash = (byte: string) => byte.repeat(32);
const peer = hash("aa") as IdentityId;
const limits = { memoryBytes: 1, stackBytes: 1, callDepth: 1 };
const parameters: NetworkParameters = {
  network: hash("01") as NetworkId,
  epoch: 0,
  vm: {
    ...{ engine: hash("02"), gas: 1, ...limits },
    ...{ sourceBytesMax: 1, inputBytesMax: 1, resultBytesMax: 1 },
  },
  approvedContracts: [],
  contractOwners: [],
  uniqueKeySalt: hash("03"),
};
const bundle = hash("04") as BundleHash;
const governing: GoverningContract<{ name: string; states: object; commands: object }> = {
  contract: { name: "note", states: {}, commands: { pass: { data: record({}) } } },
  bundle,
  constraint: { kind: "exact", bundle },
} as never;

let nonces = 0;
/** A transaction that spends what the others created, and says nothing else. */
function spending(...parents: Transaction[]): Transaction {
  const random = (count: number) => new Uint8Array(count).fill(nonces++ % 251);
  const notary = hash("05") as NotaryId;
  const builder = new TransactionBuilder({ parameters, notary, random });
  for (const parent of parents)
    builder.addInput({ txId: transactionId(parent), index: 0 }, governing as never);
  const by = { kind: "identity", identity: peer } as const;
  builder.addCommand(governing as never, "pass" as never, {} as never, [by]);
  return builder.setTimeWindow({ until: ++nonces }).build();
}

const block = {
  cluster: hash("05") as NotaryId,
  height: 1,
  blockTime: 1,
  memberEpoch: 0,
  memberSetHash: hash("06") as never as MemberSet["cluster"],
  blockRoot: hash("07"),
  historyRoot: hash("08"),
};
const signature = { kind: "ed25519", key: hash("09"), signature: "0a".repeat(64) };
const inBlock = { index: 0, size: 1, path: [] };
const receipt = encode(receiptSchema, {
  block,
  signatures: [signature],
  inBlock,
} as never as Receipt);

const ticketOf = (id: TransactionId): HistoryTicket => ({ id, ticket: "0b".repeat(16) });
const idsOf = (transactions: readonly Transaction[]) => transactions.map(transactionId);

function shown(transaction: Transaction): HistoryResponse["transactions"][number] {
  return {
    signed: encodeSignedTransaction({ transaction, signatures: [] }),
    receipt,
    parents: (parentsOf.get(transactionId(transaction)) ?? []).map(ticketOf),
  };
}

/** What the peer has, and what it was asked for at each request. */
let has = new Map<TransactionId, Transaction>();
let parentsOf = new Map<TransactionId, TransactionId[]>();
let asked: TransactionId[][] = [];
/** How the peer's answer is changed before it is sent. */
let bend: (response: HistoryResponse) => HistoryResponse = (response) => response;
let known = new Set<TransactionId>();

beforeEach(() => {
  has = new Map();
  parentsOf = new Map();
  asked = [];
  bend = (response) => response;
  known = new Set();
});

function keep(...parents: Transaction[]): Transaction {
  const transaction = spending(...parents);
  const id = transactionId(transaction);
  has.set(id, transaction);
  parentsOf.set(id, idsOf(parents));
  return transaction;
}

const network = {
  request: async (_: IdentityId, __: string, body: Uint8Array) => {
    const { wanted } = decode(historyRequestSchema, body);
    asked.push(wanted.map(({ id }) => id));
    const transactions = wanted
      .map(({ id }) => has.get(id))
      .filter((each) => each !== undefined)
      .map(shown);
    return encode(historyResponseSchema, bend({ transactions }));
  },
} as unknown as Network;

async function fetch(...roots: Transaction[]): Promise<TransactionId[]> {
  return await fetchAtMost(1000, ...roots);
}

async function fetchAtMost(
  transactionsMax: number,
  ...roots: Transaction[]
): Promise<TransactionId[]> {
  const missing = idsOf(roots);
  const entries = await fetchHistory(
    missing,
    { peer, tickets: missing.map(ticketOf) },
    {
      network,
      known: async (ids) => new Set(ids.filter((id) => known.has(id))),
      transactionsMax,
    },
  );
  return entries.map(({ signed }) => transactionId(signed.transaction));
}

describe("a history", () => {
  test("comes with those first that others build on", async () => {
    const first = keep();
    const left = keep(first);
    const right = keep(first);
    const last = keep(left, right);
    const order = await fetch(last);
    expect(new Set(order)).toEqual(new Set(idsOf([first, left, right, last])));
    const at = (transaction: Transaction) => order.indexOf(transactionId(transaction));
    expect(at(first)).toBeLessThan(Math.min(at(left), at(right)));
    expect(at(last)).toBe(3);
  });

  test("stops at what is known here", async () => {
    const middle = keep(keep(keep()));
    const last = keep(middle);
    known.add(transactionId(middle));
    expect(await fetch(last)).toEqual(idsOf([last]));
    expect(asked).toEqual([idsOf([last])]);
  });

  test("is asked for once, though many build on the same", async () => {
    const first = keep();
    const many = Array.from({ length: 20 }, () => keep(first));
    const order = await fetch(keep(...many));
    expect(order).toHaveLength(22);
    expect(asked.flat()).toHaveLength(22);
  });

  test("may be long, and wide", async () => {
    let last = keep();
    for (let i = 0; i < 300; i++) last = keep(last);
    const wide = Array.from({ length: REQUESTED_MAX + 10 }, () => keep());
    expect(await fetch(last)).toHaveLength(301);
    asked = [];
    expect(await fetch(...wide)).toHaveLength(wide.length);
    expect(asked.map(({ length }) => length)).toEqual([REQUESTED_MAX, 10]);
  });

  test("comes whole though each answer holds as much as fits", async () => {
    const roots = [keep(keep()), keep(keep()), keep(keep())];
    bend = ({ transactions }) => ({ transactions: transactions.slice(0, 1) });
    expect(await fetch(...roots)).toHaveLength(6);
  });
});

describe("a peer is refused that", () => {
  test.each<[string, string, typeof bend]>([
    ["has nothing", "history/incomplete", () => ({ transactions: [] })],
    [
      "sends what was not asked for",
      "history/unasked",
      () => ({ transactions: [shown(spending())] }),
    ],
    [
      "sends the same twice",
      "history/unasked",
      ({ transactions }) => ({ transactions: [...transactions, ...transactions] }),
    ],
    [
      "gives no ticket for what its transaction builds on",
      "history/no-ticket",
      ({ transactions }) => ({
        transactions: transactions.map((each) => ({ ...each, parents: [] })),
      }),
    ],
    [
      "gives a ticket for something else",
      "history/no-ticket",
      ({ transactions }) => ({
        transactions: transactions.map((each) => ({
          ...each,
          parents: [ticketOf(hash("0c") as TransactionId)],
        })),
      }),
    ],
    [
      "sends garbage for a transaction",
      "tx/malformed",
      ({ transactions }) => ({
        transactions: transactions.map((each) => ({ ...each, signed: each.signed.subarray(0, 9) })),
      }),
    ],
  ])("%s", async (_, code, change) => {
    const last = keep(keep());
    bend = change;
    await expect(fetch(last)).rejects.toMatchObject({ code });
  });

  test("never comes to an end", async () => {
    let last = keep();
    for (let i = 0; i < 30; i++) last = keep(last);
    await expect(fetchAtMost(30, last)).rejects.toMatchObject({ code: "history/too-long" });
    expect(await fetchAtMost(31, last)).toHaveLength(31);
  });
});

test("what the peer answers instead of a history is passed on", async () => {
  const refusing = {
    request: () => Promise.reject(new RemoteFailure("history/not-allowed", "no")),
  } as unknown as Network;
  const on = { network: refusing, known: async () => new Set<TransactionId>() };
  const missing = idsOf([keep()]);
  await expect(
    fetchHistory(missing, { peer, tickets: missing.map(ticketOf) }, on),
  ).rejects.toMatchObject({ code: "history/not-allowed" });
});

test("what no ticket came with is not even asked for", async () => {
  const on = { network, known: async () => new Set<TransactionId>() };
  await expect(fetchHistory(idsOf([keep()]), { peer, tickets: [] }, on)).rejects.toMatchObject({
    code: "history/no-ticket",
  });
  expect(asked).toEqual([]);
});
