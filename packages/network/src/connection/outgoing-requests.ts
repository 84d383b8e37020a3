import { RemoteFailure } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { type Connection, QUEUE_BYTES_MAX } from "./connection.ts";

/** As many as a peer serves at a time; more wait here. */
export const REQUESTS_IN_FLIGHT_MAX = 256;
/** More that wait for one peer are a fault of whoever asks. */
const REQUESTS_WAITING_MAX = 8192;

export type RequestOptions = { timeoutMs: number; signal?: AbortSignal };
type Outcome = { answer: Uint8Array } | { failure: unknown };
type Pending = { kind: string; body: Uint8Array; settle(outcome: Outcome): void };

/** Requests to one peer that have no answer yet, across its connections. */
export class OutgoingRequests {
  /** Why the peer cannot be reached, as far as known: told with a time-out. */
  lastFault: string | undefined;
  readonly #peer: IdentityId;
  readonly #pending = new Map<number, Pending>();
  /** In the order asked; those that ended since are skipped. */
  #waiting: number[] = [];
  #inFlight = new Set<number>();
  #nextId = 0;

  constructor(peer: IdentityId) {
    this.#peer = peer;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** @throws RemoteFailure `network/timeout`, `network/overloaded`, or what the peer answered */
  ask(kind: string, body: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    const { timeoutMs, signal } = options;
    if (this.#pending.size >= REQUESTS_WAITING_MAX)
      throw new RemoteFailure("network/overloaded", "too many requests wait for this peer", {
        peer: this.#peer,
        max: REQUESTS_WAITING_MAX,
      });
    const id = this.#nextId;
    this.#nextId = (id + 1) >>> 0;
    return new Promise((resolve, reject) => {
      const abort = () => settle({ failure: signal?.reason });
      const timer = setTimeout(
        () => settle({ failure: this.#timedOut(kind, timeoutMs) }),
        timeoutMs,
      );
      const settle = (outcome: Outcome) => {
        if (!this.#pending.delete(id)) return;
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        if ("answer" in outcome) resolve(outcome.answer);
        else reject(outcome.failure);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#pending.set(id, { kind, body, settle });
      this.#waiting.push(id);
    });
  }

  /** A new connection: whatever was under way on the last one is asked again. */
  restart(connection: Connection): void {
    this.lastFault = undefined;
    this.#inFlight = new Set();
    this.#waiting = [...this.#pending.keys()];
    this.pump(connection);
  }

  /** Sends what waits, as far as the peer and the connection have room. */
  pump(connection: Connection): void {
    let sent = 0;
    for (const id of this.#waiting) {
      const request = this.#pending.get(id);
      if (request !== undefined) {
        if (this.#inFlight.size >= REQUESTS_IN_FLIGHT_MAX) break;
        if (connection.backlogBytes >= QUEUE_BYTES_MAX) break;
        this.#inFlight.add(id);
        connection.write({ kind: "request", id, name: request.kind }, request.body);
      }
      sent++;
    }
    this.#waiting.splice(0, sent);
  }

  /** An answer to what is no longer asked, as it timed out, only makes room. */
  settle(connection: Connection, id: number, outcome: Outcome): void {
    this.#inFlight.delete(id);
    this.#pending.get(id)?.settle(outcome);
    if (this.#waiting.length > 0) this.pump(connection);
  }

  failAll(failure: RemoteFailure): void {
    for (const { settle } of [...this.#pending.values()]) settle({ failure });
  }

  #timedOut(kind: string, timeoutMs: number): RemoteFailure {
    const { lastFault: reason } = this;
    return new RemoteFailure("network/timeout", "no answer in time", {
      peer: this.#peer,
      kind,
      afterMs: timeoutMs,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
