import type { NotaryId, TransactionId } from "@stateset/ledger";
import { FlowFailure } from "../flow-context.ts";
import { FlowError } from "../flow-service.ts";
import type { Verified } from "../ledger/ledger-service.ts";
import type { FlowProblem, FlowRecord, FlowStatus, Write } from "../ports/store.ts";
import type { FlowSession } from "../session/flow-session.ts";
import { outboxMessage } from "../session/outbox-message.ts";
import { expectedProblem } from "./expected-problem.ts";
import {
  decodeValue,
  encodeEntries,
  encodeValue,
  fingerprint,
  JOURNAL_ENTRIES_MAX,
  type JournalEntry,
} from "./journal.ts";

/** What a run needs of the engine. */
export type RunHost = {
  commit(writes: readonly Write[]): Promise<void>;
  transmit(session: FlowSession): void;
  tellProgress(session: FlowSession): void;
  changed(run: FlowRun): void;
  point(name: string): void;
};

/**
 * When the window of a signed transaction ends, its notary, and how many effects had happened once
 * it was signed.
 */
export type SignedMark = { until: number; notary: NotaryId; at: number };

/** Thrown into the void: a run that was abandoned must not go on. */
const NEVER = new Promise<never>(() => {});

/**
 * One execution of a flow: replays its journal, and then goes on, gathering what must be durable
 * before anything that cannot be repeated leaves the node.
 */
export class FlowRun {
  readonly record: FlowRecord;
  readonly sessions: FlowSession[] = [];
  /** What the flow has verified with all signatures. */
  readonly verified = new Map<TransactionId, Verified>();
  /** Transactions signed and neither recorded nor known to be absent, with their windows' ends. */
  readonly signed = new Map<TransactionId, SignedMark>();
  /** Set while the row of a new flow is being written, where nothing may be written before it. */
  inserted: Promise<void> = Promise.resolve();
  /** Settled as the row of a new flow is. */
  rowWritten: Promise<void> = Promise.resolve();
  /** Whether the store has the flow's row. */
  isStored: boolean;
  readonly #host: RunHost;
  readonly #journal: readonly JournalEntry[];
  #position = 0;
  #pending: JournalEntry[] = [];
  #written: number;
  #writes: Write[] = [];
  #durable: number;
  #lastCommit: Promise<void> = Promise.resolve();
  #hasFailedCommit = false;
  #isAbandoned = false;
  #isBusy = false;
  #counter = 0;

  constructor(record: FlowRecord, host: RunHost, journal: readonly JournalEntry[] = []) {
    this.record = record;
    this.#host = host;
    this.#journal = journal;
    this.#written = journal.length;
    this.#durable = journal.length;
    this.isStored = journal.length > 0;
  }

  get isReplaying(): boolean {
    return this.#position < this.#journal.length;
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  attach(session: FlowSession): void {
    session.flowId = this.record.id;
    this.sessions.push(session);
  }

  /** Counts what follows from the seed: the same numbers in the same order in every run. */
  nextCount(): number {
    return this.#counter++;
  }

  /** Stops the run where it waits; whatever it has not committed is as if it had not been. */
  abandon(): void {
    this.#isAbandoned = true;
    for (const session of this.sessions)
      session.stopWaiting(() => new FlowError({ code: "flow/killed", flowId: this.record.id }));
  }

  /** Never resolves for a run that was abandoned: what comes after it must not happen. */
  async goesOn(): Promise<void> {
    if (this.#isAbandoned) await NEVER;
  }

  /**
   * Performs an effect, or gives what the journal has of it.
   * @throws FlowError `flow/diverged` where the code asks for something else than it did before
   */
  async effect(
    name: string,
    args: string | Uint8Array,
    perform: () => Promise<Uint8Array | undefined> | Uint8Array | undefined,
  ): Promise<Uint8Array | undefined> {
    if (this.#isAbandoned) return await NEVER;
    if (this.#isBusy)
      throw new Error(`${name}: a flow performs one effect at a time; await the one before`);
    const expected = { effect: name, fingerprint: fingerprint(args) };
    const journaled = this.#journal[this.#position];
    if (journaled !== undefined) return this.#replay(journaled, expected);
    if (this.#written + this.#pending.length >= JOURNAL_ENTRIES_MAX)
      throw new FlowError({
        code: "flow/too-large",
        what: "journal",
        found: this.#written + this.#pending.length,
        max: JOURNAL_ENTRIES_MAX,
      });
    this.#isBusy = true;
    this.#point(`${name}/before`);
    try {
      const result = await perform();
      if (this.#isAbandoned) return await NEVER;
      this.#pending.push({ ...expected, ...(result === undefined ? {} : { result }) });
      this.#point(`${name}/after`);
      return result;
    } catch (error) {
      if (this.#isAbandoned) return await NEVER;
      const problem = expectedProblem(error);
      if (problem === undefined) throw error;
      // What the flow may catch and go on from is a fact that a replay must find again, as it is now.
      const failure = encodeValue(problem);
      this.#pending.push({ ...expected, failure });
      throw failureOf(failure, error);
    } finally {
      this.#isBusy = false;
    }
  }

  /**
   * What `verify` found, with every signature; only that may be recorded. Where a signature of this
   * node is among them that nobody was given, not before the flow has signed.
   * @throws FlowError `flow/not-verified`
   */
  verifiedAs(id: TransactionId): Verified {
    const found = this.verified.get(id);
    if (found === undefined || (found.isOursUngiven === true && !this.signed.has(id)))
      throw new FlowError({ code: "flow/not-verified", flowId: this.record.id, id });
    return found;
  }

  /** Writes to be part of the next commit. */
  write(writes: readonly Write[]): void {
    this.#writes.push(...writes);
  }

  /** Makes durable all that has happened, as one commit; resolves when it is. */
  flush(): Promise<void> {
    const writes = this.#gather();
    if (writes.length > 0) {
      this.#lastCommit = this.#commit(writes);
      // Whoever needs it durable waits for it; nobody else need hear of its failure.
      this.#lastCommit.catch(() => {});
    }
    return this.#lastCommit;
  }

  /** Makes durable that there is such a flow: nothing that happens now is forgotten with it. */
  async flushRow(): Promise<void> {
    await this.rowWritten;
    this.#gatherRow();
    await this.flush();
  }

  /** Resolves once nothing of this run is being written any more. */
  async quiet(): Promise<void> {
    await this.#lastCommit.catch(() => {});
  }

  /** How many effects have happened, and how many of them are durable. */
  get happened(): number {
    return this.#written + this.#pending.length;
  }

  get durable(): number {
    return this.#durable;
  }

  /** The last commit of a run: what happened, and how it ended. */
  async end(status: FlowStatus, outcome: { result?: string; error?: FlowProblem }, at: number) {
    const { record } = this;
    const { progress: _, ...before } = record;
    const ended = { status, ...outcome, endedAt: at };
    this.#pending = []; // An ended flow needs no journal.
    if (this.isStored) this.#writes.push({ kind: "progress", flowId: record.id, ...ended });
    else this.#writes.unshift({ kind: "flow", record: { ...before, ...ended } });
    this.isStored = true;
    await this.flush();
    Object.assign(record, ended);
    delete record.progress;
  }

  /** Keeps the flow, with what has happened, until somebody decides. */
  async hold(status: "HOSPITAL" | "PAUSED", error: FlowProblem | undefined): Promise<void> {
    const held = { status, ...(error === undefined ? {} : { error }) };
    const write = { kind: "progress", flowId: this.record.id, ...held } as const;
    // After a commit that failed its journal goes no further than what is stored.
    if (this.#hasFailedCommit) await this.#host.commit([write]);
    else {
      this.#gatherRow();
      this.#writes.push(write);
      await this.flush();
    }
    Object.assign(this.record, held);
  }

  setProgress(step: string): void {
    this.record.progress = step;
    this.#host.changed(this);
  }

  setStatus(status: FlowStatus): void {
    if (this.record.status === status) return;
    this.record.status = status;
    this.#host.changed(this);
  }

  /** @throws FlowError `flow/diverged` where the flow is over and its journal is not */
  assertReplayed(end: string): void {
    const next = this.#journal[this.#position];
    if (next !== undefined) throw this.#diverged(next, end);
  }

  #diverged({ effect, fingerprint: of }: JournalEntry, found: string): FlowError {
    return new FlowError({
      code: "flow/diverged",
      flowId: this.record.id,
      entry: this.#position,
      journaled: `${effect} ${of}`,
      found,
    });
  }

  #replay(
    journaled: JournalEntry,
    expected: { effect: string; fingerprint: string },
  ): Uint8Array | undefined {
    const { effect, fingerprint: found, result, failure } = journaled;
    if (effect !== expected.effect || found !== expected.fingerprint)
      throw this.#diverged(journaled, `${expected.effect} ${expected.fingerprint}`);
    this.#position++;
    if (failure === undefined) return result;
    throw failureOf(failure);
  }

  #gather(): Write[] {
    const { id } = this.record;
    if (this.#pending.length > 0 || this.#writes.length > 0) this.#gatherRow();
    const writes = this.#writes;
    this.#writes = [];
    if (this.#pending.length > 0) {
      const chunk = { flowId: id, from: this.#written, entries: encodeEntries(this.#pending) };
      writes.push({ kind: "journal", chunk });
      this.#written += this.#pending.length;
      this.#pending = [];
    }
    for (const session of this.sessions)
      for (const message of session.outgoing)
        if (message.sequence >= session.stored) {
          writes.push({ kind: "send", message: outboxMessage(id, session.place, message) });
          session.stored = message.sequence + 1;
        }
    return writes;
  }

  #gatherRow(): void {
    if (this.isStored) return;
    this.#writes.unshift({ kind: "flow", record: { ...this.record } });
    this.isStored = true;
  }

  async #commit(writes: Write[]): Promise<void> {
    const consumed = this.sessions.map((session) => session.consumed);
    const written = this.#written;
    const before = this.#lastCommit;
    try {
      await this.inserted;
      // What builds on a commit that fails must not become durable without it.
      await before;
      this.#point("commit/before");
      await this.#host.commit(writes);
    } catch (error) {
      this.#hasFailedCommit = true;
      throw error;
    }
    this.#point("commit/after");
    this.#durable = written;
    for (const [i, session] of this.sessions.entries())
      this.#madeDurable(session, consumed[i] ?? 0);
  }

  /** A place where the process may die: named after the flow's side and effect. */
  #point(name: string): void {
    const { flow, initiator } = this.record;
    this.#host.point(`${flow}${initiator === undefined ? "" : "~responder"}/${name}`);
  }

  /** The peer may forget what is in this side's journal. */
  #madeDurable(session: FlowSession, consumed: number): void {
    if (consumed <= session.consumedDurably) return;
    session.consumedDurably = consumed;
    if (session.place.side === "responder") this.#host.tellProgress(session);
  }
}

/** What a flow sees of a failed effect, the first time and at every replay. */
function failureOf(encoded: Uint8Array, cause?: unknown): FlowFailure {
  const { code, detail, facts } = decodeValue(encoded) as FlowProblem;
  const failure = new FlowFailure(code, detail, facts);
  if (cause !== undefined) failure.cause = cause;
  return failure;
}
