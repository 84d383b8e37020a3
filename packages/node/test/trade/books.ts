import type { VaultState } from "@stateset/flow";
import { expect } from "vitest";
import type { MemoryNode } from "../flows/memory-nodes.ts";

/** Traders over memory, and what is known of their books. */
export type Trade = {
  readonly traders: readonly string[];
  /** Cash that the bank has issued, in minor units. */
  readonly issued: bigint;
  node(trader: string): MemoryNode;
  states(trader: string, type: string): Promise<VaultState[]>;
  balance(trader: string): Promise<bigint>;
  freeCash(trader: string): Promise<bigint>;
};

const LINEAR_TYPES = [
  "invoice/invoice",
  "invoice/credit-note",
  "receivable/offer",
  "receivable/receivable",
  "receivable/notice",
];

/**
 * That all has come to rest and all books agree: nothing is under way, undelivered or set aside,
 * nobody holds another version of a state than others do, and there is as much cash as was issued.
 * @param silent linear ids of invoices that were assigned without the debtor's knowledge
 */
export async function assertBooksAgree(trade: Trade, silent: string[] = []): Promise<void> {
  for (const name of trade.traders) await assertQuiet(trade, name);
  for (const type of LINEAR_TYPES) await assertSameStates(trade, type, silent);
  await assertCash(trade);
}

async function assertQuiet(trade: Trade, name: string): Promise<void> {
  const node = trade.node(name);
  await expect.poll(() => node.engine.stats()).toMatchObject({ running: 0, sessions: 0 });
  await expect.poll(() => node.store.undelivered()).toEqual([]);
  expect(await node.store.unfinished()).toEqual([]);
}

async function assertSameStates(trade: Trade, type: string, silent: string[]) {
  const held = new Map<string, Map<string, string[]>>();
  for (const name of trade.traders)
    for (const { ref, state } of await trade.states(name, type)) {
      const linearId = String(state.linearId);
      if (silent.includes(linearId) && name === "buyer") continue;
      const versions = held.get(linearId) ?? new Map<string, string[]>();
      const version = `${ref.txId}:${ref.index} ${state.status}`;
      versions.set(version, [...(versions.get(version) ?? []), name]);
      held.set(linearId, versions);
    }
  const differing = [...held].filter(([, versions]) => versions.size > 1);
  expect({ type, differing: differing.map(([id, versions]) => [id, [...versions]]) }).toEqual({
    type,
    differing: [],
  });
}

async function assertCash(trade: Trade): Promise<void> {
  let total = 0n;
  for (const name of trade.traders) {
    const free = await trade.freeCash(name);
    const balance = await trade.balance(name);
    expect({ name, free }).toEqual({ name, free: balance });
    total += balance;
  }
  expect(total).toBe(trade.issued);
}
