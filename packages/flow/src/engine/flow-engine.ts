import { CodecError, fromJson, toHex } from "@stateset/codec";
import type {
  BundleHash,
  Constraint,
  ContractRunner,
  IdentityId,
  NotaryId,
  TransactionId,
} from "@stateset/ledger";
import type { InstalledApp } from "../app/installed-app.ts";
import { type FlowDefinition, FlowFailure, type ResponderDefinition } from "../flow-context.ts";
import {
  type FlowDescription,
  FlowError,
  type FlowEvent,
  type FlowService,
  type StartRequest,
} from "../flow-service.ts";
import { LedgerService } from "../ledger/ledger-service.ts";
import { serveHistory } from "../ledger/serve-history.ts";
import type { Log } from "../log.ts";
import type { Clock, Random } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import { type Network, RemoteFailure } from "../ports/network.ts";
import type { NetworkMap, NotaryEntry } from "../ports/network-map.ts";
import type { Notary } from "../ports/notary.ts";
import {
  type FlowQuery,
  type FlowRecord,
  type FlowStatus,
  type Store,
  type StoredTransaction,
  StoreError,
  type Write,
} from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { FlowSession } from "../session/flow-session.ts";
import { sessionsOf } from "../session/outbox-message.ts";
import { SessionHub } from "../session/session-hub.ts";
import type { EngineServices } from "./engine-services.ts";
import { findParty } from "./find-party.ts";
import { FlowRegistry } from "./flow-registry.ts";
import { FlowRun, type RunHost } from "./flow-run.ts";
import { FlowWatch } from "./flow-watch.ts";
import { decodeJournal } from "./journal.ts";
import { LazyWrites } from "./lazy-writes.ts";
import { type RestoredRun, restoreRun } from "./restore-run.ts";
import { RunContext, uuidOf } from "./run-context.ts";
import { RunSession } from "./run-session.ts";
import { failRun, type Outcome, retryDelay, superviseRun } from "./run-supervisor.ts";

/** Beyond it a node refuses new flows, and goes on with those it has. */
const RUNNING_MAX = 4096;
/** How long a flow that is done waits to hear that its counterparties are too. */
const DELIVERY_WAIT_MS = 5_000;
/** The longest that a timer of Node can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export type EngineOptions = {
  store: Store;
  vault: Vault;
  network: Network;
  notaries: (id: NotaryId) => Notary;
  keys: Keys;
  map: NetworkMap;
  clock: Clock;
  random: Random;
  contracts: ContractRunner;
  apps: readonly InstalledApp[];
  log: Log;
  /** Called wherever the process might die; the crash tests end it there. */
  onPoint?: (point: string) => void;
  /** Answers requests of kinds that are not the engine's. */
  onRequest?: Parameters<Network["start"]>[0]["request"];
};

export type EngineStats = { running: number; sessions: number; started: number; ended: number };

export interface FlowEngine extends FlowService {
  /** Lets flows come to where they wait, and leaves them to their journals. */
  stop(): Promise<void>;
  transaction(id: TransactionId): Promise<StoredTransaction | undefined>;
  stats(): EngineStats;
}

/**
 * Starts the flows of a node: those that had not ended go on from their journals.
 * @throws StoreError where the store is away
 */
export async function startFlowEngine(options: EngineOptions): Promise<FlowEngine> {
  const engine = new Engine(options);
  await engine.open();
  return engine;
}

class Engine implements FlowEngine {
  readonly #on: EngineOptions;
  readonly #registry: FlowRegistry;
  readonly #ledger: LedgerService;
  readonly #hub: SessionHub;
  readonly #services: EngineServices & { log: Log };
  readonly #runs = new Map<string, FlowRun>();
  /** Flows that have ended, and whose messages are not all delivered. */
  readonly #delivering = new Map<string, { run: FlowRun; done: () => void }>();
  readonly #byClientId = new Map<string, Promise<FlowRecord>>();
  readonly #waiters = new Map<string, Set<() => void>>();
  readonly #watch = new FlowWatch();
  readonly #lazy: LazyWrites;
  readonly #attempts = new Map<string, number>();
  readonly #timers = new Set<() => void>();
  readonly #host: RunHost = {
    commit: (writes) => this.#commit(writes),
    transmit: (session) => this.#hub.transmit(session),
    tellProgress: (session) => this.#hub.tellProgress(session),
    changed: (run) => this.#changed(run),
    point: (name) => this.#on.onPoint?.(name),
  };
  #isStopping = false;
  #started = 0;
  #ended = 0;

  constructor(options: EngineOptions) {
    this.#on = options;
    const { apps, network, log, store, clock } = options;
    this.#registry = new FlowRegistry(apps);
    this.#ledger = new LedgerService({
      ...options,
      bundles: apps.flatMap(({ contractFiles }) => contractFiles),
      tables: apps.flatMap(({ app }) => app.tables),
    });
    this.#lazy = new LazyWrites({ store, clock, log });
    this.#hub = new SessionHub({
      network,
      log,
      host: {
        responder: (session) => this.#respond(session),
        storedFlow: (session) => store.flow(uuidOf(session)),
        delivered: (session, upTo) => this.#messageDelivered(session, upTo),
      },
    });
    this.#services = this.#makeServices();
  }

  async open(): Promise<void> {
    const { store, network, map } = this.#on;
    await store.commit(this.#ledger.attachments());
    const undelivered = sessionsOf(await store.undelivered());
    const restored: RestoredRun[] = [];
    for (const { record, journal } of await store.unfinished())
      restored.push(await this.#restore(record, decodeJournal(journal), undelivered));
    for (const each of restored) this.#adopt(each);
    const owned = new Set(restored.flatMap(({ sessions }) => [...sessions.keys()]));
    for (const session of undelivered.values()) {
      if (owned.has(session.place.id)) continue;
      session.outcome = {};
      this.#hub.add(session);
    }
    await network.start({
      peerUp: (peer, run) => this.#hub.peerUp(peer, run),
      peerDown: (peer) => this.#hub.peerDown(peer),
      drain: (peer) => this.#hub.drain(peer),
      frame: (peer, frame) => this.#hub.frame(peer, frame),
      request: (peer, kind, body) => this.#request(peer, kind, body),
    });
    for (const session of undelivered.values()) network.connect(session.place.peer);
    for (const each of restored) if (isGoing(each.run.record)) this.#execute(each);
    this.#on.log("info", "flow engine started", {
      identity: map.party(this.#on.keys.identity)?.name,
      unfinished: restored.length,
      undelivered: undelivered.size,
    });
  }

  async start(request: StartRequest): Promise<FlowRecord> {
    const { flow, clientId, startedBy } = request;
    if (this.#isStopping) throw new FlowError({ code: "flow/stopping" });
    const { definition, bundle } = this.#registry.newest(flow);
    const value = inputOf(definition, request.input);
    const input = JSON.stringify(request.input);
    if (clientId !== undefined) {
      const known = await (this.#byClientId.get(clientId) ??
        this.#on.store.flowByClientId(clientId));
      if (known !== undefined) return sameRequest(known, { flow, input, clientId });
    }
    if (this.#runs.size >= RUNNING_MAX)
      throw new FlowError({ code: "flow/too-many", running: this.#runs.size, max: RUNNING_MAX });
    const record: FlowRecord = {
      id: uuidOf(toHex(this.#on.random(16))),
      flow,
      bundle,
      status: "RUNNING",
      input,
      ...(clientId === undefined ? {} : { clientId }),
      startedBy,
      startedAt: this.#on.clock.now(),
    };
    if (clientId === undefined) return await this.#begin(record, definition, value);
    const begun = this.#begin(record, definition, value).catch(async (error) => {
      if (!(error instanceof StoreError && error.code === "store/client-id-taken")) throw error;
      const known = await this.#on.store.flowByClientId(clientId);
      if (known === undefined) throw error;
      return sameRequest(known, { flow, input, clientId });
    });
    this.#byClientId.set(clientId, begun);
    try {
      return await begun;
    } finally {
      this.#byClientId.delete(clientId);
    }
  }

  async show(id: string): Promise<FlowRecord | undefined> {
    const running = this.#runs.get(id);
    if (running !== undefined) return { ...running.record };
    return await this.#on.store.flow(id);
  }

  async list(query: FlowQuery): Promise<{ items: FlowRecord[]; nextCursor?: string }> {
    const { items, ...rest } = await this.#on.store.flows(query);
    return { ...rest, items: items.map((item) => this.#runs.get(item.id)?.record ?? item) };
  }

  async retry(id: string): Promise<FlowRecord> {
    const record = await this.#expect(id, ["HOSPITAL", "PAUSED"]);
    this.#runs.get(id)?.abandon();
    const { error: _, ...rest } = record;
    await this.#rerun({ ...rest, status: "RUNNING" });
    return await this.#shown(id);
  }

  async pause(id: string): Promise<FlowRecord> {
    await this.#expect(id, ["RUNNING", "WAITING", "HOSPITAL"]);
    const run = this.#runs.get(id);
    run?.abandon();
    await run?.hold("PAUSED", undefined);
    this.#changed(run);
    this.#wake(id);
    return await this.#shown(id);
  }

  async kill(id: string): Promise<FlowRecord> {
    await this.#expect(id, ["RUNNING", "WAITING", "HOSPITAL", "PAUSED"]);
    this.#runs.get(id)?.abandon();
    const restored = await this.#reload(id);
    const { fault } = new FlowError({ code: "flow/killed", flowId: id });
    const problem = { code: fault.code, detail: "killed by an operator", facts: { flowId: id } };
    const { run } = restored;
    run.setStatus("RUNNING");
    this.#adopt(restored);
    const outcome = await failRun(run, "KILLED", problem, this.#services);
    await this.#settled(run, outcome);
    return await this.#shown(id);
  }

  watch(id: string, listener: (event: FlowEvent) => void): () => void {
    const stop = this.#watch.add(id, listener);
    void this.show(id).then((record) => {
      if (record !== undefined) listener(this.#watch.event(record, this.#on.clock.now()));
    });
    return stop;
  }

  async ended(id: string, signal?: AbortSignal): Promise<FlowRecord> {
    const isUnderWay = () =>
      this.#delivering.has(id) || isGoing(this.#runs.get(id)?.record ?? { status: "COMPLETED" });
    while (isUnderWay() && signal?.aborted !== true)
      await new Promise<void>((resolve) => {
        const waiters = this.#waiters.get(id) ?? new Set();
        this.#waiters.set(id, waiters.add(resolve));
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    return await this.#shown(id);
  }

  definitions(): readonly FlowDescription[] {
    return this.#registry.descriptions;
  }

  async transaction(id: TransactionId): Promise<StoredTransaction | undefined> {
    return (await this.#on.store.transactions([id]))[0];
  }

  stats(): EngineStats {
    return {
      running: this.#runs.size,
      sessions: this.#hub.size,
      started: this.#started,
      ended: this.#ended,
    };
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#on.network.stop();
    const commits = [...this.#runs.values()].map((run) => run.flush());
    for (const run of this.#runs.values()) run.abandon();
    for (const cancel of this.#timers) cancel();
    this.#lazy.stop();
    await Promise.allSettled(commits);
  }

  #makeServices(): EngineServices & { log: Log } {
    const { clock, random, keys, map, vault, notaries, log } = this.#on;
    return {
      ...{ clock, random, keys, map, vault, notaries, log },
      ledger: this.#ledger,
      defaultNotary: () => defaultNotary(map),
      findParty: (name) => findParty(name, map),
      governing: (contract) => this.#governing(contract),
      attach: (session) => this.#hub.add(session),
      transmit: (session) => this.#hub.transmit(session),
      waiting: (run, what, promise) => this.#waiting(run, what, promise),
      waitUntil: (run, time) => this.#waitUntil(run, time),
    };
  }

  /** New states may be governed by later versions that the contract's owner signs. */
  #governing(contract: string): { bundle: BundleHash; constraint: Constraint } {
    const found = this.#ledger.bundleNamed(contract);
    if (found === undefined)
      throw new FlowFailure("flow/contract-missing", "no app here brings the contract", {
        contract,
      });
    const { hash: bundle } = found;
    const owner = this.#on.map.current.contractOwners.find((each) => each.contract === contract);
    if (owner === undefined) return { bundle, constraint: { kind: "exact", bundle } };
    const { version } = found.bundle;
    return { bundle, constraint: { kind: "signed", key: owner.key, version } };
  }

  async #waiting<T>(run: FlowRun, what: string, promise: Promise<T>): Promise<T> {
    const { progress } = run.record;
    run.record.progress = `waits for ${what}`;
    run.setStatus("WAITING");
    try {
      return await promise;
    } finally {
      if (progress === undefined) delete run.record.progress;
      else run.record.progress = progress;
      if (!run.isAbandoned) run.setStatus("RUNNING");
    }
  }

  async #waitUntil(run: FlowRun, time: number): Promise<void> {
    const { clock } = this.#on;
    const reached = new Promise<void>((resolve) => {
      const wait = () => {
        const left = time - clock.now();
        if (left <= 0) resolve();
        else this.#after(Math.min(left, TIMER_MAX_MS), wait);
      };
      wait();
    });
    await this.#waiting(run, `the time ${new Date(time).toISOString()}`, reached);
  }

  #messageDelivered(session: FlowSession, upTo: number): void {
    const { id } = session.place;
    if (session.stored > 0) this.#lazy.add({ kind: "delivered", session: id, upTo });
    if (session.outcome === undefined || session.outgoing.length > 0) return;
    this.#hub.remove(session);
    for (const [flowId, { run }] of this.#delivering)
      if (run.sessions.includes(session)) {
        if (run.sessions.every(({ outgoing }) => outgoing.length === 0)) this.#delivered(flowId);
        return;
      }
  }

  /** Writes the flow's row and runs it at the same time: nothing that binds leaves before the row. */
  async #begin(
    record: FlowRecord,
    definition: FlowDefinition,
    input: unknown,
  ): Promise<FlowRecord> {
    const run = new FlowRun(record, this.#host);
    run.isStored = true;
    const inserted = this.#commit([{ kind: "flow", record: { ...record } }]);
    // With a client id another flow may have it already, and then this one never was.
    run.inserted = record.clientId === undefined ? Promise.resolve() : inserted;
    run.inserted.catch(() => {});
    this.#runs.set(record.id, run);
    this.#started++;
    const context = new RunContext(run, this.#services, new Map());
    void this.#supervise(run, () => definition.run(context, input as never));
    try {
      await inserted;
    } catch (error) {
      run.abandon();
      this.#forget(run);
      throw error;
    }
    return { ...record };
  }

  #respond(session: FlowSession): { code: string; detail: string } | undefined {
    const { id, peer, protocol } = session.place;
    const registered = this.#registry.responder(protocol);
    if (registered === undefined) {
      const detail = `no app here answers ${protocol.name} version ${protocol.version}`;
      return { code: "flow/unknown-protocol", detail };
    }
    if (this.#isStopping) return { code: "flow/stopping", detail: "the node is stopping" };
    if (this.#runs.size >= RUNNING_MAX)
      return { code: "flow/too-many", detail: "the node has as many flows as it can" };
    const record: FlowRecord = {
      id: uuidOf(id),
      flow: protocol.name,
      bundle: registered.bundle,
      status: "RUNNING",
      input: "null",
      startedBy: this.#on.map.party(peer)?.name ?? peer,
      initiator: peer,
      startedAt: this.#on.clock.now(),
    };
    const run = new FlowRun(record, this.#host);
    this.#runs.set(record.id, run);
    this.#started++;
    this.#execute({ run, sessions: new Map([[id, session]]), claimed: [] });
    return undefined;
  }

  /** Runs a flow under the code that it began with. */
  #execute({ run, sessions }: RestoredRun): void {
    const { record } = run;
    const context = new RunContext(run, this.#services, sessions);
    void this.#supervise(run, async () => {
      const definition = this.#registry.of(record);
      if (definition.kind === "flow")
        return await definition.run(
          context,
          inputOf(definition, JSON.parse(record.input)) as never,
        );
      return await this.#answer(definition, { run, context, sessions });
    });
  }

  async #answer(
    { protocol, run: respond }: ResponderDefinition,
    {
      run,
      context,
      sessions,
    }: { run: FlowRun; context: RunContext; sessions: Map<string, FlowSession> },
  ): Promise<unknown> {
    const session = sessions.get(run.record.id.replaceAll("-", ""));
    const peer = session && this.#on.map.party(session.place.peer);
    if (session === undefined || peer === undefined)
      throw new FlowError({
        code: "flow/unknown-party",
        party: run.record.startedBy,
        candidates: [],
      });
    run.sessions.push(session);
    const seen = new RunSession(session, protocol, peer, run, this.#services);
    return await respond(context, seen as never);
  }

  async #supervise(run: FlowRun, body: () => Promise<unknown>): Promise<void> {
    await this.#settled(run, await superviseRun(run, body, this.#services));
  }

  async #settled(run: FlowRun, outcome: Outcome): Promise<void> {
    const { id } = run.record;
    if (outcome === "abandoned" || this.#runs.get(id) !== run) return;
    if (outcome === "retry") {
      const attempt = (this.#attempts.get(id) ?? 0) + 1;
      this.#attempts.set(id, attempt);
      run.abandon();
      this.#after(retryDelay(attempt), () => void this.#tryAgain(run));
      return;
    }
    if (outcome === "held") {
      this.#changed(run);
      this.#wake(id);
      return;
    }
    this.#ended++;
    this.#attempts.delete(id);
    await this.#on.vault.release(id);
    this.#closeSessions(run);
    this.#runs.delete(id);
    this.#changed(run);
    if (run.sessions.some(({ outgoing }) => outgoing.length > 0)) this.#awaitDelivery(run);
    else this.#wake(id);
  }

  /** A run that could not go on begins again from what is durable of it. */
  async #tryAgain(run: FlowRun): Promise<void> {
    const { id } = run.record;
    if (this.#isStopping || this.#runs.get(id) !== run) return;
    try {
      const record = await this.#on.store.flow(id);
      if (record !== undefined) await this.#rerun(record);
      else this.#askAgain(run);
    } catch {
      await this.#settled(run, "retry");
    }
  }

  /** Nothing of a responder is durable: its initiator still has all that it sent. */
  #askAgain(run: FlowRun): void {
    this.#forget(run);
    for (const { place } of run.sessions) {
      if (place.side === "responder") this.#hub.askAgain(place);
    }
  }

  async #rerun(record: FlowRecord): Promise<void> {
    if (isEnded(record)) return;
    const restored = await this.#reload(record.id, record);
    this.#adopt(restored);
    this.#execute(restored);
    for (const session of restored.sessions.values()) this.#hub.tellProgress(session);
  }

  async #reload(id: string, as?: FlowRecord): Promise<RestoredRun> {
    const { store } = this.#on;
    const record = as ?? (await store.flow(id));
    if (record === undefined) throw new FlowError({ code: "flow/not-found", flowId: id });
    const outbox = (await store.undelivered()).filter(({ flowId }) => flowId === id);
    const entries = decodeJournal(await store.journal(id));
    return await this.#restore(record, entries, sessionsOf(outbox));
  }

  async #restore(
    record: FlowRecord,
    journal: ReturnType<typeof decodeJournal>,
    undelivered: ReadonlyMap<string, FlowSession>,
  ): Promise<RestoredRun> {
    const restored = restoreRun(record, journal, { host: this.#host, undelivered });
    restored.run.isStored = true;
    if (restored.claimed.length > 0) await this.#on.vault.reclaim(record.id, restored.claimed);
    return restored;
  }

  /** Takes the place of an earlier run of the same flow. */
  #adopt({ run, sessions }: RestoredRun): void {
    const before = this.#runs.get(run.record.id);
    for (const session of before?.sessions ?? []) this.#hub.remove(session);
    this.#runs.set(run.record.id, run);
    for (const session of sessions.values()) this.#hub.add(session);
  }

  #forget(run: FlowRun): void {
    this.#runs.delete(run.record.id);
    for (const session of run.sessions) this.#hub.remove(session);
    void this.#on.vault.release(run.record.id);
    this.#wake(run.record.id);
  }

  #closeSessions({ record, sessions }: FlowRun): void {
    for (const session of sessions) {
      session.outcome = record.error === undefined ? {} : { error: record.error };
      if (record.status !== "COMPLETED") {
        this.#hub.tellEnd(session, record.error);
        this.#undeliverable(session);
      } else if (session.told < session.consumedDurably) this.#hub.tellProgress(session);
      if (session.outgoing.length === 0) this.#hub.remove(session);
    }
  }

  /** What a failed flow had sent is of no use to anybody. */
  #undeliverable(session: FlowSession): void {
    session.delivered(session.nextSequence);
    if (session.stored === 0) return;
    this.#lazy.add({ kind: "delivered", session: session.place.id, upTo: session.nextSequence });
  }

  #awaitDelivery(run: FlowRun): void {
    const { id } = run.record;
    const cancel = this.#after(DELIVERY_WAIT_MS, () => this.#delivered(id));
    this.#delivering.set(id, { run, done: cancel });
  }

  #delivered(id: string): void {
    this.#delivering.get(id)?.done();
    this.#delivering.delete(id);
    this.#wake(id);
  }

  #wake(id: string): void {
    const waiters = this.#waiters.get(id);
    this.#waiters.delete(id);
    for (const wake of waiters ?? []) wake();
  }

  #changed(run: FlowRun | undefined): void {
    if (run !== undefined) this.#watch.tell(run.record, this.#on.clock.now());
  }

  async #shown(id: string): Promise<FlowRecord> {
    const record = await this.show(id);
    if (record === undefined) throw new FlowError({ code: "flow/not-found", flowId: id });
    return record;
  }

  async #expect(id: string, expected: FlowStatus[]): Promise<FlowRecord> {
    const record = await this.#shown(id);
    if (expected.includes(record.status)) return record;
    const { status } = record;
    throw new FlowError({ code: "flow/wrong-status", flowId: id, status, expected });
  }

  #commit(writes: readonly Write[]): Promise<void> {
    return this.#on.store.commit([...this.#lazy.take(), ...writes]);
  }

  #after(ms: number, callback: () => void): () => void {
    const cancel = this.#on.clock.after(ms, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }

  async #request(peer: IdentityId, kind: string, body: Uint8Array): Promise<Uint8Array> {
    const { store, onRequest } = this.#on;
    const served = await serveHistory(peer, kind, body, { ledger: this.#ledger, store });
    if (served !== undefined) return served;
    if (onRequest !== undefined) return await onRequest(peer, kind, body);
    throw new RemoteFailure("network/unknown-request", `nobody here answers ${kind}`);
  }
}

/** @throws FlowError `flow/bad-input` that names the field */
function inputOf({ name, input }: FlowDefinition, json: unknown): unknown {
  try {
    return fromJson(input, json);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const field = error.path.join(".");
    throw new FlowError({ code: "flow/bad-input", flow: name, field, reason: error.message });
  }
}

function sameRequest(
  known: FlowRecord,
  { flow, input, clientId }: { flow: string; input: string; clientId: string },
): FlowRecord {
  if (known.flow === flow && known.input === input) return known;
  throw new FlowError({ code: "flow/client-id-taken", clientId, flowId: known.id });
}

function defaultNotary(map: NetworkMap): NotaryEntry {
  const [first] = map.notaries();
  if (first !== undefined) return first;
  throw new FlowFailure("flow/no-notary", "the network map has no notary");
}

function isEnded({ status }: Pick<FlowRecord, "status">): boolean {
  return status === "COMPLETED" || status === "FAILED" || status === "KILLED";
}

/** Whether it is not ended, and not held either. */
function isGoing({ status }: Pick<FlowRecord, "status">): boolean {
  return status === "RUNNING" || status === "WAITING";
}
