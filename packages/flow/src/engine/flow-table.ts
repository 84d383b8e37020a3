import type { IdentityId } from "@stateset/ledger";
import { FlowError } from "../flow-service.ts";
import type { Log } from "../log.ts";
import type { FlowRecord, JournalChunk, Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { FlowSession } from "../session/flow-session.ts";
import { sessionsOf } from "../session/outbox-message.ts";
import type { SessionHub } from "../session/session-hub.ts";
import { uuidOf } from "../session/session-id.ts";
import { isTransient } from "./expected-problem.ts";
import { shownRecord } from "./flow-request.ts";
import type { FlowRun, RunHost } from "./flow-run.ts";
import { decodeJournal, type JournalEntry } from "./journal.ts";
import type { LazyWrites } from "./lazy-writes.ts";
import { type RestoredRun, restoreRun } from "./restore-run.ts";

export type FlowTableOptions = {
  store: Store;
  vault: Vault;
  hub: SessionHub;
  lazy: LazyWrites;
  host: RunHost;
  log: Log;
};

/** The flows in memory, with the sessions and coins that each holds. */
export class FlowTable {
  readonly #on: FlowTableOptions;
  readonly #runs = new Map<string, FlowRun>();
  /** Ids of flows by their clients' ids. */
  readonly #byClientId = new Map<string, string>();
  readonly #answering = new Map<IdentityId, number>();

  constructor(on: FlowTableOptions) {
    this.#on = on;
  }

  get size(): number {
    return this.#runs.size;
  }

  get(id: string): FlowRun | undefined {
    return this.#runs.get(id);
  }

  /** The flow that runs under a client id, stored or not. */
  withClientId(clientId: string): FlowRun | undefined {
    const id = this.#byClientId.get(clientId);
    return id === undefined ? undefined : this.#runs.get(id);
  }

  add(run: FlowRun): void {
    const { id, initiator, clientId } = run.record;
    if (!this.#runs.has(id)) this.#countAnswering(initiator, 1);
    this.#runs.set(id, run);
    if (clientId !== undefined) this.#byClientId.set(clientId, id);
  }

  all(): FlowRun[] {
    return [...this.#runs.values()];
  }

  /** How many flows answer a peer. */
  answering(peer: IdentityId): number {
    return this.#answering.get(peer) ?? 0;
  }

  /** Prepares all flows that have not ended, and the sessions whose messages are under way. */
  async load(): Promise<{ restored: RestoredRun[]; undelivered: FlowSession[] }> {
    const { store, hub } = this.#on;
    const undelivered = sessionsOf(await store.undelivered());
    const restored: RestoredRun[] = [];
    for (const { record, journal } of await store.unfinished())
      restored.push(await this.#restoreOrHold(record, journal, undelivered));
    for (const each of restored) this.adopt(each);
    const owned = new Set(restored.flatMap(({ sessions }) => [...sessions.keys()]));
    for (const session of undelivered.values()) {
      if (owned.has(session.place.id)) continue;
      session.outcome = {};
      hub.add(session);
    }
    return { restored, undelivered: [...undelivered.values()] };
  }

  /** A flow as it is stored, or as the record given says, to be run from its journal. */
  async reload(id: string, as?: FlowRecord): Promise<RestoredRun> {
    const { store } = this.#on;
    await this.get(id)?.quiet();
    const record = as ?? (await store.flow(id));
    if (record === undefined) throw new FlowError({ code: "flow/not-found", flowId: id });
    const outbox = (await store.undelivered()).filter(({ flowId }) => flowId === id);
    const entries = decodeJournal(await store.journal(id));
    return await this.#restore(record, entries, sessionsOf(outbox));
  }

  /** Takes the place of an earlier run of the same flow. */
  adopt({ run, sessions }: RestoredRun): void {
    const before = this.#runs.get(run.record.id);
    before?.abandon();
    for (const session of before?.sessions ?? []) {
      this.#on.hub.remove(session);
      // It was opened after the last commit: as far as the journal goes, it never was.
      if (!sessions.has(session.place.id)) this.#on.hub.tellEnd(session);
    }
    this.add(run);
    for (const session of sessions.values()) this.#on.hub.add(session);
  }

  /** A run that never was, as far as anything durable shows. */
  forget(run: FlowRun): void {
    for (const session of run.sessions) {
      this.#on.hub.remove(session);
      if (session.place.side === "initiator") this.#on.hub.tellEnd(session);
    }
    this.#leave(run);
  }

  /** A flow that has ended leaves, but for what is still to be delivered. */
  close(run: FlowRun): void {
    const { record, sessions } = run;
    for (const session of sessions) {
      session.outcome = record.error === undefined ? {} : { error: record.error };
      // A flow that completed may leave messages that are still to be sent before its end.
      if (record.status !== "COMPLETED") this.#withdraw(session);
      this.#on.hub.transmit(session);
      if (session.outgoing.length === 0) this.#on.hub.remove(session);
    }
    this.#leave(run);
  }

  async #restore(
    record: FlowRecord,
    journal: readonly JournalEntry[],
    undelivered: ReadonlyMap<string, FlowSession>,
  ): Promise<RestoredRun> {
    // The store keeps what a flow was once held for.
    const restored = restoreRun(shownRecord(record), journal, { host: this.#on.host, undelivered });
    restored.run.isStored = true;
    await this.#on.vault.reclaim(record.id, restored.claimed);
    return restored;
  }

  /** One journal that cannot be read must not keep the node from its others. */
  async #restoreOrHold(
    record: FlowRecord,
    journal: JournalChunk[],
    undelivered: ReadonlyMap<string, FlowSession>,
  ): Promise<RestoredRun> {
    try {
      return await this.#restore(record, decodeJournal(journal), undelivered);
    } catch (error) {
      if (isTransient(error)) throw error;
      const { message: detail, stack } = error as Error;
      this.#on.log("error", "a flow's journal cannot be read", { flowId: record.id, stack });
      const problem = { code: "flow/unexpected", detail, facts: {} };
      return await this.#restore(
        { ...record, status: "HOSPITAL", error: problem },
        [],
        undelivered,
      );
    }
  }

  /** Coins that are not let go now come back when their lease ends. */
  #leave({ record: { id, initiator, clientId } }: FlowRun): void {
    if (this.#runs.delete(id)) this.#countAnswering(initiator, -1);
    if (clientId !== undefined) this.#byClientId.delete(clientId);
    this.#on.vault.release(id).catch((error: Error) => {
      this.#on.log("warn", "coins were not released", { flowId: id, reason: error.message });
    });
  }

  #countAnswering(peer: IdentityId | undefined, change: 1 | -1): void {
    if (peer === undefined) return;
    const count = this.answering(peer) + change;
    if (count === 0) this.#answering.delete(peer);
    else this.#answering.set(peer, count);
  }

  /** What a failed flow had sent is of no use to anybody. */
  #withdraw(session: FlowSession): void {
    session.delivered(session.nextSequence);
    if (session.stored === 0) return;
    const id = uuidOf(session.place.id);
    this.#on.lazy.add({ kind: "delivered", session: id, upTo: session.nextSequence - 1 });
  }
}
