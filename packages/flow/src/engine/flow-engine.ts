import { toHex } from "@stateset/codec";
import type { ContractRunner, IdentityId, NotaryId, TransactionId } from "@stateset/ledger";
import type { InstalledApp } from "../app/installed-app.ts";
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
import type { NetworkMap } from "../ports/network-map.ts";
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
import { SessionHub } from "../session/session-hub.ts";
import { uuidOf } from "../session/session-id.ts";
import { isEnded } from "../vault/flow-status.ts";
import type { EngineServices } from "./engine-services.ts";
import { isTransient } from "./expected-problem.ts";
import { FlowDeliveries } from "./flow-deliveries.ts";
import { FlowRegistry } from "./flow-registry.ts";
import { inputOf, isGoing, listedRecord, sameRequest, shownRecord } from "./flow-request.ts";
import { FlowRun, type RunHost } from "./flow-run.ts";
import { FlowTable } from "./flow-table.ts";
import { FlowWatch } from "./flow-watch.ts";
import { LazyWrites } from "./lazy-writes.ts";
import { makeServices } from "./make-services.ts";
import { Retries } from "./retries.ts";
import { RunLauncher } from "./run-launcher.ts";
import { failRun, type Outcome, superviseRun } from "./run-supervisor.ts";
import { sealInputs } from "./sealed-store.ts";
import { Timers } from "./timers.ts";

const STORE_RETRY_MS = 1_000;

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
  /** How long transactions built here may take to be notarised, in milliseconds. */
  transactionWindowMs?: number;
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
  const engine = new Engine({ ...options, store: sealInputs(options) });
  await engine.open();
  return engine;
}

class Engine implements FlowEngine {
  readonly #on: EngineOptions;
  readonly #registry: FlowRegistry;
  readonly #ledger: LedgerService;
  readonly #hub: SessionHub;
  readonly #services: EngineServices & { log: Log };
  readonly #flows: FlowTable;
  readonly #byClientId = new Map<string, Promise<FlowRecord>>();
  readonly #watch = new FlowWatch();
  readonly #lazy: LazyWrites;
  readonly #retries: Retries;
  readonly #launcher: RunLauncher;
  readonly #timers: Timers;
  readonly #deliveries: FlowDeliveries;
  readonly #host: RunHost = {
    commit: (writes) => this.#commit(writes),
    transmit: (session) => this.#hub.transmit(session),
    tellProgress: (session) => this.#hub.tellProgress(session),
    changed: (run) => this.#changed(run),
    point: (name) => this.#on.onPoint?.(name),
  };
  #isStopping = false;
  #ended = 0;

  constructor(options: EngineOptions) {
    this.#on = options;
    const { apps, network, log, store, vault, clock } = options;
    this.#registry = new FlowRegistry(apps);
    this.#ledger = new LedgerService({
      ...options,
      bundles: apps.flatMap(({ contractFiles }) => contractFiles),
      tables: apps.flatMap(({ app }) => app.tables),
    });
    this.#timers = new Timers(clock);
    this.#retries = new Retries(this.#timers);
    this.#deliveries = new FlowDeliveries(this.#timers);
    this.#lazy = new LazyWrites({ store, clock, log });
    this.#hub = new SessionHub({
      network,
      log,
      host: {
        responder: (session) =>
          this.#isStopping
            ? { code: "flow/stopping", detail: "the node is stopping" }
            : this.#launcher.respond(session),
        storedFlow: (session) => this.#storedFlow(uuidOf(session)),
        delivered: (session, upTo) => this.#messageDelivered(session, upTo),
      },
    });
    const [ledger, hub, timers] = [this.#ledger, this.#hub, this.#timers];
    this.#flows = new FlowTable({ store, vault, hub, lazy: this.#lazy, host: this.#host, log });
    this.#services = makeServices({ ...options, ledger, hub, timers });
    this.#launcher = new RunLauncher({
      registry: this.#registry,
      services: this.#services,
      flows: this.#flows,
      host: this.#host,
      commit: (writes) => this.#commit(writes),
      supervise: (run, body) => void this.#supervise(run, body),
    });
  }

  async open(): Promise<void> {
    const { store, network, map } = this.#on;
    await store.commit(this.#ledger.attachments());
    const { restored, undelivered } = await this.#flows.load();
    await network.start({
      peerUp: (peer, run) => this.#hub.peerUp(peer, run),
      peerDown: (peer) => this.#hub.peerDown(peer),
      drain: (peer) => this.#hub.drain(peer),
      frame: (peer, frame) => this.#hub.frame(peer, frame),
      request: (peer, kind, body) => this.#request(peer, kind, body),
    });
    for (const session of undelivered) network.connect(session.place.peer);
    for (const each of restored) if (isGoing(each.run.record)) this.#launcher.execute(each);
    this.#on.log("info", "flow engine started", {
      identity: map.party(this.#on.keys.identity)?.name,
      unfinished: restored.length,
      undelivered: undelivered.length,
    });
  }

  async start(request: StartRequest): Promise<FlowRecord> {
    const { flow, clientId, startedBy, waits = false } = request;
    if (this.#isStopping) throw new FlowError({ code: "flow/stopping" });
    const { definition, bundle } = this.#registry.newest(flow);
    const value = inputOf(definition, request.input);
    const input = JSON.stringify(request.input);
    if (clientId !== undefined) {
      const known = await (this.#byClientId.get(clientId) ?? this.#underClientId(clientId, waits));
      if (known !== undefined)
        return await this.#again(sameRequest(known, { definition, value, clientId }));
    }
    this.#launcher.assertRoom();
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
    if (clientId === undefined)
      return await this.#launcher.begin(record, { definition, input: value, waits });
    const begun = this.#launcher
      .begin(record, { definition, input: value, waits })
      .catch(async (error) => {
        if (!(error instanceof StoreError && error.code === "store/client-id-taken")) throw error;
        const known = await this.#on.store.flowByClientId(clientId);
        if (known === undefined) throw error;
        return sameRequest(known, { definition, value, clientId });
      });
    this.#byClientId.set(clientId, begun);
    try {
      return await begun;
    } finally {
      this.#byClientId.delete(clientId);
    }
  }

  /** The flow of a client id; one that is not stored yet is, before its caller is told of it. */
  async #underClientId(clientId: string, waits: boolean): Promise<FlowRecord | undefined> {
    const run = this.#flows.withClientId(clientId);
    if (run === undefined) return await this.#on.store.flowByClientId(clientId);
    if (!waits) await run.flushRow();
    return { ...run.record };
  }

  async show(id: string): Promise<FlowRecord | undefined> {
    const running = this.#flows.get(id);
    const record = running?.record ?? (await this.#on.store.flow(id));
    return record && shownRecord(record);
  }

  async list(query: FlowQuery): Promise<{ items: FlowRecord[]; nextCursor?: string }> {
    const { statuses } = query;
    // The store is not told when a flow waits.
    const stored = statuses?.includes("WAITING") ? [...statuses, "RUNNING" as const] : statuses;
    const { items, ...rest } = await this.#on.store.flows({
      ...query,
      ...(stored === undefined ? {} : { statuses: stored }),
    });
    const shown = items.map((item) => listedRecord(this.#flows.get(item.id)?.record ?? item));
    return {
      ...rest,
      items: shown.filter(({ status }) => statuses?.includes(status) ?? true),
    };
  }

  async retry(id: string): Promise<FlowRecord> {
    const record = await this.#expect(id, ["HOSPITAL", "PAUSED"]);
    this.#flows.get(id)?.abandon();
    await this.#flows.get(id)?.quiet();
    // Not only in memory, or a restart would find it held.
    await this.#commit([{ kind: "progress", flowId: id, status: "RUNNING" }]);
    const { error: _, ...rest } = record;
    await this.#rerun({ ...rest, status: "RUNNING" });
    return await this.#shown(id);
  }

  async pause(id: string): Promise<FlowRecord> {
    await this.#expect(id, ["RUNNING", "WAITING", "HOSPITAL"]);
    this.#retries.cancel(id);
    const run = this.#flows.get(id);
    run?.abandon();
    try {
      await run?.hold("PAUSED", undefined);
    } catch (error) {
      if (run !== undefined) this.#settled(run, "retry");
      throw error;
    }
    this.#changed(run);
    this.#deliveries.wake(id);
    return await this.#shown(id);
  }

  async kill(id: string): Promise<FlowRecord> {
    await this.#expect(id, ["RUNNING", "WAITING", "HOSPITAL", "PAUSED"]);
    const before = this.#flows.get(id);
    before?.abandon();
    await before?.quiet();
    if (before !== undefined && (await this.#on.store.flow(id)) === undefined) {
      // Nothing that binds has left: what is not even stored needs no asking.
      before.signed.clear();
      await this.#end(before);
      return await this.#shown(id);
    }
    const restored = await this.#flows.reload(id);
    const { run, sessions } = restored;
    for (const session of sessions.values()) run.attach(session);
    run.setStatus("RUNNING");
    this.#flows.adopt(restored);
    const waits = this.#watch.next(id, ({ status }) => status === "WAITING");
    await Promise.race([this.#end(run), waits.promise]);
    waits.stop();
    return await this.#shown(id);
  }

  async #end(run: FlowRun): Promise<void> {
    const { id: flowId } = run.record;
    const { fault } = new FlowError({ code: "flow/killed", flowId });
    const problem = { code: fault.code, detail: "killed by an operator", facts: { flowId } };
    this.#settled(run, await failRun(run, "KILLED", problem, this.#services));
  }

  watch(id: string, listener: (event: FlowEvent) => void): () => void {
    let isStopped = false;
    const stop = this.#watch.add(id, listener);
    const tell = (record: FlowRecord | undefined) => {
      if (record === undefined || isStopped) return;
      listener(this.#watch.event(record, this.#on.clock.now()));
    };
    this.show(id).then(tell, ({ message: reason }: Error) => {
      this.#on.log("warn", "a watched flow was not read", { flowId: id, reason });
    });
    return () => {
      isStopped = true;
      stop();
    };
  }

  async ended(id: string, signal?: AbortSignal): Promise<FlowRecord> {
    let run = this.#flows.get(id);
    while (this.#isUnderWay(id) && signal?.aborted !== true && !this.#isStopping) {
      await this.#deliveries.next(id, signal);
      run = this.#flows.get(id) ?? run;
    }
    // Whoever does not wait any longer may ask again later.
    if (signal?.aborted === true) await this.#flows.get(id)?.flushRow();
    if (run !== undefined && isEnded(run.record.status)) return shownRecord(run.record); // as stored
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
      running: this.#flows.size,
      sessions: this.#hub.size,
      started: this.#launcher.started,
      ended: this.#ended,
    };
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#on.network.stop();
    const commits = this.#flows.all().map((run) => run.flush());
    for (const run of this.#flows.all()) run.abandon();
    this.#timers.stop();
    this.#lazy.stop();
    await Promise.allSettled(commits);
    this.#deliveries.wakeAll();
  }

  #messageDelivered(session: FlowSession, upTo: number): void {
    // Not before the message itself, whose commit may still wait for an earlier one.
    const written = this.#flows.get(session.flowId ?? "")?.quiet() ?? Promise.resolve();
    const mark = { kind: "delivered", session: uuidOf(session.place.id), upTo: upTo - 1 } as const;
    if (session.stored > 0) void written.then(() => this.#lazy.add(mark));
    if (session.outcome === undefined || session.outgoing.length > 0) return;
    this.#hub.remove(session);
    this.#deliveries.delivered(session);
  }

  async #supervise(run: FlowRun, body: () => Promise<unknown>): Promise<void> {
    try {
      this.#settled(run, await superviseRun(run, body, this.#services));
    } catch (error) {
      const { stack } = error as Error;
      this.#on.log("error", "a flow's end failed", { flowId: run.record.id, stack });
    }
  }

  #settled(run: FlowRun, outcome: Outcome): void {
    const { id } = run.record;
    if (outcome === "abandoned" || this.#flows.get(id) !== run) return;
    if (outcome === "retry") {
      run.abandon();
      this.#retries.later(id, () => void this.#tryAgain(run));
      return;
    }
    if (outcome === "notarised") {
      this.#on.log("warn", "a killed flow goes on: its transaction is notarised", { flowId: id });
      void this.#tryAgain(run);
      return;
    }
    if (outcome === "held") {
      this.#changed(run);
      this.#deliveries.wake(id);
      return;
    }
    this.#ended++;
    this.#retries.forget(id);
    this.#flows.close(run);
    this.#changed(run);
    this.#deliveries.ended(run);
  }

  /** A run that could not go on begins again from what is durable of it. */
  async #tryAgain(run: FlowRun): Promise<void> {
    const { id } = run.record;
    if (this.#isStopping || this.#flows.get(id) !== run) return;
    try {
      await run.quiet();
      await run.rowWritten;
      const record = await this.#on.store.flow(id);
      if (this.#flows.get(id) !== run) return;
      if (record === undefined && run.record.initiator === undefined) await this.#beginAgain(run);
      else if (record === undefined) this.#askAgain(run);
      else if (isEnded(record.status)) {
        // The commit that failed was made all the same.
        Object.assign(run.record, record);
        this.#settled(run, "ended");
      } else if (isGoing(record)) await this.#rerun(record);
    } catch {
      this.#settled(run, "retry");
    }
  }

  /** Nothing of a flow is durable whose caller waits for its end: it is as if it began now. */
  async #beginAgain(before: FlowRun): Promise<void> {
    await this.#on.vault.release(before.record.id);
    if (this.#flows.get(before.record.id) !== before) return;
    for (const session of before.sessions) this.#hub.tellEnd(session);
    const run = new FlowRun(before.record, this.#host);
    const restored = { run, sessions: new Map(), claimed: [] };
    this.#flows.adopt(restored);
    this.#launcher.execute(restored);
  }

  /** Nothing of a responder is durable: its initiator still has all that it sent. */
  #askAgain(run: FlowRun): void {
    this.#flows.forget(run);
    this.#deliveries.wake(run.record.id);
    for (const { place } of run.sessions) {
      if (place.side === "responder") this.#hub.askAgain(place);
    }
  }

  /** A flow that is stored and not here: its beginning was said to have failed. */
  async #again(known: FlowRecord): Promise<FlowRecord> {
    const { id } = known;
    if (this.#flows.get(id) !== undefined || !isGoing(known)) return known;
    const record = await this.#on.store.flow(id);
    if (record === undefined || !isGoing(record) || this.#flows.get(id) !== undefined) return known;
    await this.#rerun(record);
    return record;
  }

  /** A peer asks once on each connection, so the answer waits for the store. */
  async #storedFlow(id: string): Promise<FlowRecord | undefined> {
    for (;;)
      try {
        const record = await this.#on.store.flow(id);
        return record && shownRecord(record);
      } catch (error) {
        if (!isTransient(error)) throw error;
        await this.#timers.until(this.#on.clock.now() + STORE_RETRY_MS);
      }
  }

  async #rerun(record: FlowRecord): Promise<void> {
    const restored = await this.#flows.reload(record.id, record);
    this.#flows.adopt(restored);
    this.#launcher.execute(restored);
    for (const session of restored.sessions.values()) this.#hub.tellProgress(session);
  }

  #isUnderWay(id: string): boolean {
    const run = this.#flows.get(id);
    return this.#deliveries.has(id) || (run !== undefined && isGoing(run.record));
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
    const { status } = record;
    if (expected.includes(status)) return record;
    throw new FlowError({ code: "flow/wrong-status", flowId: id, status, expected });
  }

  #commit(writes: readonly Write[]): Promise<void> {
    return this.#lazy.commit(writes);
  }

  async #request(peer: IdentityId, kind: string, body: Uint8Array): Promise<Uint8Array> {
    const { store, onRequest } = this.#on;
    const served = await serveHistory(peer, kind, body, { ledger: this.#ledger, store });
    if (served !== undefined) return served;
    if (onRequest !== undefined) return await onRequest(peer, kind, body);
    throw new RemoteFailure("network/unknown-request", `nobody here answers ${kind}`);
  }
}
