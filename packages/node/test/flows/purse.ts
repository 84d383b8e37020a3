import type { FlowRecord } from "@stateset/flow";
import type { StateRef } from "@stateset/ledger";
import { expect } from "vitest";
import type { MemoryNodes } from "./memory-nodes.ts";

/** Cash flows of memory nodes, and what their vaults hold. */
export class Purse {
  readonly #nodes: MemoryNodes;

  constructor(nodes: MemoryNodes) {
    this.#nodes = nodes;
  }

  async start(name: string, flow: string, input: object, clientId?: string): Promise<string> {
    const request = { flow, input, startedBy: "test" };
    const { engine } = this.#nodes.node(name);
    const { id } = await engine.start(clientId === undefined ? request : { ...request, clientId });
    return id;
  }

  async run(name: string, flow: string, input: object): Promise<FlowRecord> {
    const id = await this.start(name, flow, input);
    return await this.#nodes.node(name).engine.ended(id);
  }

  async issue(to: string, amount: number): Promise<void> {
    const issued = await this.run("Bank", "cash/issue", { to, amount: francs(amount) });
    expect(issued).toMatchObject({ status: "COMPLETED" });
  }

  async pay(from: string, to: string, amount: number): Promise<FlowRecord> {
    return await this.run(from, "cash/pay", { to, amount: francs(amount) });
  }

  async states(name: string): Promise<{ ref: StateRef; amount: number }[]> {
    const { store } = this.#nodes.node(name);
    const query = { contract: "cash", type: "cash", isOurs: true, limit: 500 };
    const { items } = await store.query(query);
    return items.map(({ ref, state }) => {
      const { minorUnits } = state.amount as { minorUnits: string };
      return { ref, amount: Number(minorUnits) };
    });
  }

  /** Unspent coins, largest first. */
  async coins(name: string): Promise<number[]> {
    const states = await this.states(name);
    return states.map(({ amount }) => amount).sort((a, b) => b - a);
  }

  /** Nothing is left under way at a node. */
  async isQuiet(...names: string[]): Promise<void> {
    for (const name of names) {
      const node = this.#nodes.node(name);
      await expect
        .poll(() => node.engine.stats(), { timeout: 20_000 })
        .toMatchObject({
          running: 0,
          sessions: 0,
        });
      await expect.poll(() => node.store.undelivered(), { timeout: 10_000 }).toEqual([]);
      expect(await node.store.unfinished()).toEqual([]);
    }
  }
}

export const francs = (minorUnits: number) => ({ minorUnits: String(minorUnits), currency: "CHF" });
