import { decode, encode } from "@stateset/codec";
import { hex, type Infer, list, record } from "@stateset/codec/schema";
import {
  decodeSignedTransaction,
  formatStateRef,
  groupOf,
  openGroup,
  type SignedTransaction,
  type TransactionId,
} from "@stateset/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";
import { mischiefApp } from "./mischief-app.ts";
import { Purse } from "./purse.ts";

const PAYMENTS = 500;
let nodes: MemoryNodes;
let purse: Purse;

beforeAll(async () => {
  const app = mischiefApp(
    () => nodes,
    () => "Alice",
  );
  const names = ["Bank", "Alice", "Bob", "Carol", "Dave"];
  nodes = await MemoryNodes.startWith({ apps: [app] }, ...names);
  purse = new Purse(nodes);
});
afterAll(async () => {
  await nodes.stop();
});

const ticketSchema = record({ id: hex({ length: 32 }), ticket: hex({ length: 16 }) });
const requestSchema = record({ wanted: list(ticketSchema, { min: 1, max: 256 }) });
type Ticket = Infer<typeof ticketSchema>;

/** As one node asks another for transactions, ticket by ticket. */
function ask(from: string, of: string, wanted: Ticket[]): Promise<Uint8Array> {
  const body = encode(requestSchema, { wanted });
  const { party } = nodes.node(of);
  const options = { timeoutMs: 5000 };
  return nodes.node(from).network.request(party.id, "ledger/transactions", body, options);
}

/** The tickets that a node shows others from now on. */
function ticketsShownBy(name: string): Ticket[] {
  const shown: Ticket[] = [];
  const { network } = nodes.node(name);
  const { request } = network;
  network.request = (peer, kind, body, options) => {
    if (kind === "ledger/transactions") shown.push(...decode(requestSchema, body).wanted);
    return request(peer, kind, body, options);
  };
  return shown;
}

async function stored(name: string, id: string): Promise<SignedTransaction> {
  const [found] = await nodes.node(name).store.transactions([id as TransactionId]);
  if (found === undefined) throw new Error(`${name} lacks ${id}`);
  return decodeSignedTransaction(found.signed);
}

async function historyLength(name: string): Promise<number> {
  const [coin] = await purse.states(name);
  let id: string | undefined = coin?.ref.txId;
  let length = 0;
  for (; id !== undefined; length++)
    id = openGroup((await stored(name, id)).transaction, "inputs")[0]?.txId;
  return length;
}

test("a node that has seen none of it fetches and checks the history of 500 payments", async () => {
  await purse.issue("Alice", 10);
  // One coin to and fro, each payment built on the one before.
  for (let i = 0; i < PAYMENTS; i++) {
    const [from, to] = i % 2 === 0 ? (["Alice", "Bob"] as const) : (["Bob", "Alice"] as const);
    expect(await purse.pay(from, to, 10)).toMatchObject({ status: "COMPLETED" });
  }
  expect(await purse.pay("Alice", "Carol", 10)).toMatchObject({ status: "COMPLETED" });
  expect(await historyLength("Carol")).toBe(PAYMENTS + 2);
  expect(await purse.coins("Carol")).toEqual([10]);
  // What came as history is as good as what was seen: it goes on to the next.
  expect(await purse.pay("Carol", "Dave", 10)).toMatchObject({ status: "COMPLETED" });
  expect(await historyLength("Dave")).toBe(PAYMENTS + 3);
}, 120_000);

describe("a ticket", () => {
  test("is needed for each transaction, and is its peer's only", async () => {
    await purse.issue("Alice", 20);
    await purse.issue("Alice", 30);
    const shown = ticketsShownBy("Dave");
    expect(await purse.pay("Alice", "Dave", 20)).toMatchObject({ status: "COMPLETED" });
    const [ticket] = shown;
    if (ticket === undefined) throw new Error("Dave asked for no history");
    expect(await ask("Dave", "Alice", [ticket])).toBeInstanceOf(Uint8Array);
    const [other] = (await purse.states("Alice")).map(({ ref }) => ref.txId as string);
    const refused: [string, Ticket[]][] = [
      ["Bob", [ticket]],
      ["Dave", [{ ...ticket, id: other ?? "" }]],
      ["Dave", [ticket, { ...ticket, ticket: "00".repeat(16) }]],
    ];
    for (const [peer, wanted] of refused)
      await expect(ask(peer, "Alice", wanted)).rejects.toMatchObject({
        code: "history/not-allowed",
      });
  });

  test("of another node says nothing to this one", async () => {
    const shown = ticketsShownBy("Carol");
    await purse.issue("Alice", 40);
    expect(await purse.pay("Alice", "Carol", 40)).toMatchObject({ status: "COMPLETED" });
    const [ticket] = shown;
    if (ticket === undefined) throw new Error("Carol asked for no history");
    await expect(ask("Carol", "Bank", [ticket])).rejects.toMatchObject({
      code: "history/not-allowed",
    });
  });
});

test("what is private is for the parties of its transaction, and no part of the history", async () => {
  await purse.issue("Alice", 1000);
  const [coin] = (await purse.states("Alice")).filter(({ amount }) => amount === 1000);
  if (coin === undefined) throw new Error("Alice has no such coin");
  const ref = formatStateRef(coin.ref);
  const input = { to: "Bob", ref, how: "with something private", final: "told" };
  const paid = await purse.run("Alice", "mischief/pay", input);
  expect(paid).toMatchObject({ status: "COMPLETED" });
  const { id } = JSON.parse(paid.result ?? "{}") as { id: string };
  await expect.poll(() => purse.coins("Bob")).toEqual([100]);
  expect(await purse.pay("Bob", "Carol", 100)).toMatchObject({ status: "COMPLETED" });
  const kindOf = async (name: string) => {
    const group = groupOf((await stored(name, id)).transaction, "private");
    return group.kind === "closed" ? group.kind : group.components[0]?.kind;
  };
  expect([await kindOf("Alice"), await kindOf("Bob")]).toEqual(["open", "open"]);
  expect(await kindOf("Carol")).not.toBe("open");
});
