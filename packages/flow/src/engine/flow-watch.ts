import type { FlowEvent } from "../flow-service.ts";
import type { FlowRecord } from "../ports/store.ts";
import { shownRecord } from "./flow-request.ts";

type Listener = (event: FlowEvent) => void;

/** Tells whoever watches a flow of its changes. */
export class FlowWatch {
  readonly #listeners = new Map<string, Set<Listener>>();
  #lastId = 0;

  add(flowId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(flowId) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(flowId, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(flowId);
    };
  }

  /** Resolves at the first change to what is wanted. */
  next(flowId: string, isWanted: (record: FlowRecord) => boolean) {
    let stop = () => {};
    const promise = new Promise<void>((resolve) => {
      stop = this.add(flowId, ({ record }) => {
        if (isWanted(record)) resolve();
      });
    });
    return { promise, stop };
  }

  tell(record: FlowRecord, at: number): void {
    const listeners = this.#listeners.get(record.id);
    if (listeners === undefined) return;
    const event = this.event(record, at);
    for (const listener of listeners) listener(event);
  }

  /** Numbers follow the clock, so that they ascend across restarts too. */
  event(record: FlowRecord, at: number): FlowEvent {
    this.#lastId = Math.max(this.#lastId + 1, at);
    return { id: this.#lastId, at, record: shownRecord(record) };
  }
}
