import { CodecError, fromJson, toHex } from "@stateset/codec";
import type { ContractRunner, IdentityId, NotaryId, TransactionId } from "@stateset/ledger";
import type { InstalledApp } from "../app/installed-app.ts";
import type { FlowDefinition, ResponderDefinition } from "../flow-context.ts";
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
import type { EngineServices } from "./engine-services.ts";
import { FlowDeliveries } from "./flow-deliveries.ts";
import { FlowRegistry } from "./flow-registry.ts";
import { FlowRun, type RunHost } from "./flow-run.ts";
import { FlowTable } from "./flow-table.ts";
import { FlowWatch } from "./flow-watch.ts";
import { LazyWrites } from "./lazy-writes.ts";
import { makeServices } from "./make-services.ts";
import type { RestoredRun } from "./restore-run.ts";
import { RunContext, uuidOf } from "./run-context.ts";
import { RunSession } from "./run-session.ts";
import { failRun, type Outcome, retryDelay, superviseRun } from "./run-supervisor.ts";
import { Timers } from "./timers.ts";

/** Beyond it a node refuses new flows, and goes on with those it has. */
const RUNNING_MAX = 4096;

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
  readonly #flows: FlowTable;
  readonly #byClientId = new Map<string, Promise<FlowRecord>>();
  readonly #watch = new FlowWatch();
  readonly #lazy: LazyWrites;
  readonly #attempts = new Map<string, number>();
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
    this.#timers = new Timers(clock);
    this.#deliveries = new FlowDeliveries(this.#timers);
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
    const [ledger, hub, timers] = [this.#ledger, this.#hub, this.#timers];
    const { vault } = options;
    this.#flows = new FlowTable({ store, vault, hub, lazy: this.#lazy, host: this.#host, log });
    this.#services = makeServices({ ...options, ledger, hub, timers });
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
    for (const each of restored) if (isGoing(each.run.record)) this.#execute(each);
    this.#on.log("info", "flow engine started", {
      identity: map.party(this.#on.keys.identity)?.name,
      unfinished: restored.length,
      undelivered: undelivered.length,
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
    if (this.#flows.size >= RUNNING_MAX)
      throw new FlowError({ code: "flow/too-many", running: this.#flows.size, max: RUNNING_MAX });
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
    const running = this.#flows.get(id);
    if (running !== undefined) return { ...running.record };
    return await this.#on.store.flow(id);
  }

  async list(query: FlowQuery): Promise<{ items: FlowRecord[]; nextCursor?: string }> {
    const { items, ...rest } = await this.#on.store.flows(query);
    return { ...rest, items: items.map((item) => this.#flows.get(item.id)?.record ?? item) };
  }

  async retry(id: string): Promise<FlowRecord> {
    const record = await this.#expect(id, ["HOSPITAL", "PAUSED"]);
    this.#flows.get(id)?.abandon();
    const { error: _, ...rest } = record;
    await this.#rerun({ ...rest, status: "RUNNING" });
    return await this.#shown(id);
  }

  async pause(id: string): Promise<FlowRecord> {
    await this.#expect(id, ["RUNNING", "WAITING", "HOSPITAL"]);
    const run = this.#flows.get(id);
    run?.abandon();
    await run?.hold("PAUSED", undefined);
    this.#changed(run);
    this.#deliveries.wake(id);
    return await this.#shown(id);
  }

  async kill(id: string): Promise<FlowRecord> {
    await this.#expect(id, ["RUNNING", "WAITING", "HOSPITAL", "PAUSED"]);
    this.#flows.get(id)?.abandon();
    const restored = await this.#flows.reload(id);
    const { fault } = new FlowError({ code: "flow/killed", flowId: id });
    const problem = { code: fault.code, detail: "killed by an operator", facts: { flowId: id } };
    const { run } = restored;
    run.setStatus("RUNNING");
    this.#flows.adopt(restored);
    const outcome = await failRun(run, "KILLED", problem, this.#services);
    this.#settled(run, outcome);
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
    while (this.#isUnderWay(id) && signal?.aborted !== true)
      await this.#deliveries.next(id, signal);
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
      started: this.#started,
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
  }

  #messageDelivered(session: FlowSession, upTo: number): void {
    if (session.stored > 0) this.#lazy.add({ kind: "delivered", session: session.place.id, upTo });
    if (session.outcome === undefined || session.outgoing.length > 0) return;
    this.#hub.remove(session);
    this.#deliveries.delivered(session);
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
    this.#flows.add(run);
    this.#started++;
    const context = new RunContext(run, this.#services, new Map());
    void this.#supervise(run, () => definition.run(context, input as never));
    try {
      await inserted;
    } catch (error) {
      run.abandon();
      this.#flows.forget(run);
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
    if (this.#flows.size >= RUNNING_MAX)
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
    this.#flows.add(run);
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
    run.attach(session);
    const seen = new RunSession(session, protocol, peer, run, this.#services);
    return await respond(context, seen as never);
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
      const attempt = (this.#attempts.get(id) ?? 0) + 1;
      this.#attempts.set(id, attempt);
      run.abandon();
      this.#timers.after(retryDelay(attempt), () => void this.#tryAgain(run));
      return;
    }
    if (outcome === "held") {
      this.#changed(run);
      this.#deliveries.wake(id);
      return;
    }
    this.#ended++;
    this.#attempts.delete(id);
    this.#flows.close(run);
    this.#changed(run);
    this.#deliveries.ended(run);
  }

  /** A run that could not go on begins again from what is durable of it. */
  async #tryAgain(run: FlowRun): Promise<void> {
    const { id } = run.record;
    if (this.#isStopping || this.#flows.get(id) !== run) return;
    try {
      const record = await this.#on.store.flow(id);
      if (record !== undefined) await this.#rerun(record);
      else this.#askAgain(run);
    } catch {
      this.#settled(run, "retry");
    }
  }

  /** Nothing of a responder is durable: its initiator still has all that it sent. */
  #askAgain(run: FlowRun): void {
    this.#flows.forget(run);
    this.#deliveries.wake(run.record.id);
    for (const { place } of run.sessions) {
      if (place.side === "responder") this.#hub.askAgain(place);
    }
  }

  async #rerun(record: FlowRecord): Promise<void> {
    if (isEnded(record)) return;
    const restored = await this.#flows.reload(record.id, record);
    this.#flows.adopt(restored);
    this.#execute(restored);
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
    if (expected.includes(record.status)) return record;
    const { status } = record;
    throw new FlowError({ code: "flow/wrong-status", flowId: id, status, expected });
  }

  #commit(writes: readonly Write[]): Promise<void> {
    return this.#on.store.commit([...this.#lazy.take(), ...writes]);
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

function isEnded({ status }: Pick<FlowRecord, "status">): boolean {
  return status === "COMPLETED" || status === "FAILED" || status === "KILLED";
}

/** Whether it is not ended, and not held either. */
function isGoing({ status }: Pick<FlowRecord, "status">): boolean {
  return status === "RUNNING" || status === "WAITING";
}
