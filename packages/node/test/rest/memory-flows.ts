import { randomUUID } from "node:crypto";
import {
  type FlowDescription,
  FlowError,
  type FlowEvent,
  type FlowQuery,
  type FlowRecord,
  type FlowService,
  type FlowStatus,
  type StartRequest,
} from "@stateset/flow";

type Listener = (event: FlowEvent) => void;
const ENDED: readonly FlowStatus[] = ["COMPLETED", "FAILED", "KILLED"];

/** Flows that go where the test sends them: enough of a FlowService to see what HTTP makes of it. */
export class MemoryFlows implements FlowService {
  readonly #flows = new Map<string, { record: FlowRecord; events: FlowEvent[] }>();
  readonly #listeners = new Map<string, Set<Listener>>();
  startFails: Error | undefined;

  async start({ flow, input, clientId, startedBy }: StartRequest): Promise<FlowRecord> {
    if (this.startFails !== undefined) throw this.startFails;
    if (!flow.startsWith("cash/"))
      throw new FlowError({ code: "flow/unknown", flow, known: ["cash/pay", "cash/issue"] });
    const known = [...this.#flows.values()].find(({ record }) => record.clientId === clientId);
    if (clientId !== undefined && known !== undefined) return known.record;
    const record: FlowRecord = {
      id: randomUUID(),
      flow,
      bundle: "aa".repeat(32),
      status: "RUNNING",
      input: JSON.stringify(input),
      startedBy,
      startedAt: Date.UTC(2026, 0, 2),
      ...(clientId !== undefined && { clientId }),
    };
    this.#flows.set(record.id, { record, events: [{ id: 0, at: 0, record }] });
    return record;
  }

  /** What a flow's own code would do. */
  change(id: string, change: Partial<FlowRecord>): void {
    const flow = this.#flow(id);
    flow.record = { ...flow.record, ...change };
    const event = { id: flow.events.length, at: 0, record: flow.record };
    flow.events.push(event);
    for (const listener of this.#listeners.get(id) ?? []) listener(event);
  }

  async show(id: string): Promise<FlowRecord | undefined> {
    return this.#flows.get(id)?.record;
  }

  async list({ limit, statuses, cursor }: FlowQuery) {
    const all = [...this.#flows.values()]
      .map(({ record }) => record)
      .filter(({ status }) => statuses?.includes(status) ?? true);
    const from = Number(cursor ?? 0);
    const items = all.slice(from, from + limit);
    return { items, ...(from + limit < all.length && { nextCursor: `${from + limit}` }) };
  }

  async retry(id: string): Promise<FlowRecord> {
    return this.#steer(id, ["HOSPITAL", "PAUSED"], "RUNNING");
  }

  async pause(id: string): Promise<FlowRecord> {
    return this.#steer(id, ["RUNNING", "WAITING"], "PAUSED");
  }

  async kill(id: string): Promise<FlowRecord> {
    return this.#steer(id, ["RUNNING", "WAITING", "PAUSED", "HOSPITAL"], "KILLED");
  }

  watch(id: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    const last = this.#flow(id).events.at(-1);
    if (last !== undefined) listener(last);
    return () => listeners.delete(listener);
  }

  ended(id: string, signal?: AbortSignal): Promise<FlowRecord> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      const stop = this.watch(id, ({ record }) => {
        if (!ENDED.includes(record.status)) return;
        queueMicrotask(() => stop());
        resolve(record);
      });
    });
  }

  definitions(): readonly FlowDescription[] {
    return [];
  }

  /** How many watch a flow. */
  watchers(id: string): number {
    return this.#listeners.get(id)?.size ?? 0;
  }

  #steer(id: string, expected: FlowStatus[], status: FlowStatus): FlowRecord {
    const found = this.#flow(id).record.status;
    if (!expected.includes(found))
      throw new FlowError({ code: "flow/wrong-status", flowId: id, status: found, expected });
    this.change(id, { status });
    return this.#flow(id).record;
  }

  #flow(id: string) {
    const flow = this.#flows.get(id);
    if (flow === undefined) throw new FlowError({ code: "flow/not-found", flowId: id });
    return flow;
  }
}
