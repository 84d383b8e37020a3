import type { FlowSession } from "../session/flow-session.ts";
import type { FlowRun } from "./flow-run.ts";
import type { Timers } from "./timers.ts";

/** How long a flow that is done waits to hear that its counterparties are too. */
const DELIVERY_WAIT_MS = 5_000;

/**
 * Tells those who wait for a flow when it is over: once its messages are delivered, so that both
 * sides show the same, or after a while if a counterparty is away.
 */
export class FlowDeliveries {
  readonly #timers: Timers;
  readonly #delivering = new Map<string, { run: FlowRun; cancel: () => void }>();
  readonly #waiters = new Map<string, Set<() => void>>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  has(flowId: string): boolean {
    return this.#delivering.has(flowId);
  }

  /** A run has ended; some of what it sent may still be under way. */
  ended(run: FlowRun): void {
    const { id } = run.record;
    if (isDelivered(run)) {
      this.wake(id);
      return;
    }
    const cancel = this.#timers.after(DELIVERY_WAIT_MS, () => this.#over(id));
    this.#delivering.set(id, { run, cancel });
  }

  /** The last message of a session has been delivered. */
  delivered(session: FlowSession): void {
    const { flowId } = session;
    const found = flowId === undefined ? undefined : this.#delivering.get(flowId);
    if (found !== undefined && isDelivered(found.run)) this.#over(found.run.record.id);
  }

  /** Resolves at the next news of the flow. */
  async next(flowId: string, signal: AbortSignal | undefined): Promise<void> {
    const waiters = this.#waiters.get(flowId) ?? new Set();
    this.#waiters.set(flowId, waiters);
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    waiters.add(resolve);
    signal?.addEventListener("abort", stop, { once: true });
    await promise;
    signal?.removeEventListener("abort", stop);
  }

  wake(flowId: string): void {
    const waiters = this.#waiters.get(flowId);
    this.#waiters.delete(flowId);
    for (const wake of waiters ?? []) wake();
  }

  /** The engine stops: nobody will hear more. */
  wakeAll(): void {
    for (const flowId of [...this.#waiters.keys()]) this.wake(flowId);
  }

  #over(flowId: string): void {
    this.#delivering.get(flowId)?.cancel();
    this.#delivering.delete(flowId);
    this.wake(flowId);
  }
}

function isDelivered({ sessions }: FlowRun): boolean {
  return sessions.every(({ isAwaited, outgoing }) => !isAwaited || outgoing.length === 0);
}
