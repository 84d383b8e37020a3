import { setTimeout as sleep } from "node:timers/promises";
import type { FlowRecord } from "@stateset/flow";
import type { TransactionId } from "@stateset/ledger";
import type { LifecycleParty } from "../../src/demo/lifecycle-facts.ts";
import type { HeldState, ReconciledNode } from "../../src/demo/reconcile.ts";
import type { MemoryNode } from "../flows/memory-nodes.ts";

const PAGE = 500;
const HEARD_OF_TRIES = 2000;

/** A node in memory as the demo sees a party. */
export class MemoryParty implements LifecycleParty, ReconciledNode {
  readonly name: string;
  readonly #node: MemoryNode;

  constructor(name: string, node: MemoryNode) {
    this.name = name;
    this.#node = node;
  }

  get legalName(): string {
    return this.#node.party.name;
  }

  get identity(): string {
    return this.#node.party.id;
  }

  async run(flow: string, input: object): Promise<Record<string, unknown>> {
    const { engine } = this.#node;
    const { id } = await engine.start({ flow, input, startedBy: "test" });
    const { status, result, error } = await engine.ended(id);
    if (status === "COMPLETED") return JSON.parse(result ?? "{}");
    throw new Error(`${this.name}, ${flow} is ${status}: ${error?.code} ${error?.detail}`);
  }

  async holds(txId: string): Promise<void> {
    for (let tries = 0; tries < HEARD_OF_TRIES; tries++) {
      const found = await this.#node.store.transactions([txId as TransactionId]);
      if (found.length > 0) return;
      await sleep(5);
    }
    throw new Error(`${this.name} has not heard of ${txId}`);
  }

  async states(
    of: string,
    query: { status: "unconsumed" | "all"; isOurs?: true },
  ): Promise<HeldState[]> {
    const [contract = "", type = ""] = of.split("/");
    const page = await this.#node.store.query({ contract, type, limit: PAGE, ...query });
    return page.items;
  }

  async completedInputs(flow: string): Promise<unknown[]> {
    const own = (await this.#flows()).filter(
      (each) => each.flow === flow && each.status === "COMPLETED" && each.initiator === undefined,
    );
    const shown = await Promise.all(own.map(({ id }) => this.#node.engine.show(id)));
    return shown.map((each) => JSON.parse(each?.input ?? "null"));
  }

  async unfinished(): Promise<{ flow: string; flowId: string; status: string }[]> {
    const flows = await this.#flows();
    return flows
      .filter(({ status }) => ["RUNNING", "WAITING", "HOSPITAL", "PAUSED"].includes(status))
      .map(({ flow, id: flowId, status }) => ({ flow, flowId, status }));
  }

  async openSessions(): Promise<number> {
    return this.#node.engine.stats().sessions;
  }

  async #flows(): Promise<FlowRecord[]> {
    return (await this.#node.engine.list({ limit: PAGE })).items;
  }
}
