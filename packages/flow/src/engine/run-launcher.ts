import type { FlowDefinition, ResponderDefinition } from "../flow-context.ts";
import { FlowError } from "../flow-service.ts";
import type { FlowRecord, Write } from "../ports/store.ts";
import type { FlowSession } from "../session/flow-session.ts";
import { sessionIdOf, uuidOf } from "../session/session-id.ts";
import type { EngineServices } from "./engine-services.ts";
import type { FlowRegistry } from "./flow-registry.ts";
import { assertInputRead, inputOf } from "./flow-request.ts";
import { FlowRun, type RunHost } from "./flow-run.ts";
import type { FlowTable } from "./flow-table.ts";
import type { RestoredRun } from "./restore-run.ts";
import { RunContext } from "./run-context.ts";
import { RunSession } from "./run-session.ts";

/** Beyond it a node refuses new flows, and goes on with those it has. */
const RUNNING_MAX = 4096;
/** Flows that one peer may have running here, so that it leaves room for others. */
const ANSWERING_MAX = 2048;

export type RunLauncherOptions = {
  registry: FlowRegistry;
  services: EngineServices;
  flows: FlowTable;
  host: RunHost;
  commit(writes: readonly Write[]): Promise<void>;
  /** Sees a run to its end. */
  supervise(run: FlowRun, body: () => Promise<unknown>): void;
};

/** Makes runs of flows that begin, that peers open sessions for, and that go on from a journal. */
export class RunLauncher {
  readonly #on: RunLauncherOptions;
  started = 0;

  constructor(on: RunLauncherOptions) {
    this.#on = on;
  }

  /** @throws FlowError `flow/too-many` */
  assertRoom(): void {
    const { size: running } = this.#on.flows;
    if (running >= RUNNING_MAX)
      throw new FlowError({ code: "flow/too-many", running, max: RUNNING_MAX });
  }

  /**
   * Runs a flow, and writes its row at the same time; if the caller waits for the end, the row goes
   * along with the flow's first commit. Nothing that binds leaves before the row.
   */
  async begin(
    record: FlowRecord,
    { definition, input, waits }: { definition: FlowDefinition; input: unknown; waits: boolean },
  ): Promise<FlowRecord> {
    const { host, flows, services, supervise, commit } = this.#on;
    const run = new FlowRun(record, host);
    run.isStored = !waits;
    const inserted = waits ? Promise.resolve() : commit([{ kind: "flow", record: { ...record } }]);
    // With a client id another flow may have it already, and then this one never was.
    run.inserted = record.clientId === undefined ? Promise.resolve() : inserted;
    run.rowWritten = inserted;
    inserted.catch(() => {});
    flows.add(run);
    this.started++;
    const context = new RunContext(run, services, new Map());
    supervise(run, () => definition.run(context, input as never));
    try {
      await inserted;
    } catch (error) {
      run.abandon();
      flows.forget(run);
      throw error;
    }
    return { ...record };
  }

  /** @returns why the session finds no flow, if so */
  respond(session: FlowSession): { code: string; detail: string } | undefined {
    const { registry, services, flows, host } = this.#on;
    const { id, peer, protocol } = session.place;
    const registered = registry.responder(protocol);
    if (registered === undefined) {
      const detail = `no app here answers ${protocol.name} version ${protocol.version}`;
      return { code: "flow/unknown-protocol", detail };
    }
    if (flows.size >= RUNNING_MAX || flows.answering(peer) >= ANSWERING_MAX)
      return { code: "flow/too-many", detail: "the node has as many flows as it can" };
    const flowId = uuidOf(id);
    if (flows.get(flowId) !== undefined)
      return { code: "flow/session-taken", detail: "a flow here has the session's id" };
    const record: FlowRecord = {
      id: flowId,
      flow: protocol.name,
      bundle: registered.bundle,
      status: "RUNNING",
      input: JSON.stringify({ version: protocol.version }),
      startedBy: services.map.party(peer)?.name ?? peer,
      initiator: peer,
      startedAt: services.clock.now(),
    };
    const run = new FlowRun(record, host);
    flows.add(run);
    this.started++;
    this.execute({ run, sessions: new Map([[id, session]]), claimed: [] });
    return undefined;
  }

  /** Runs a flow under the code that it began with. */
  execute({ run, sessions }: RestoredRun): void {
    const { registry, services, supervise } = this.#on;
    const { record } = run;
    const context = new RunContext(run, services, sessions);
    supervise(run, async () => {
      assertInputRead(record);
      const definition = registry.of(record);
      if (definition.kind === "responder")
        return await this.#answer(definition, { run, context, sessions });
      return await definition.run(context, inputOf(definition, JSON.parse(record.input)) as never);
    });
  }

  async #answer(
    { protocol, run: respond }: ResponderDefinition,
    on: { run: FlowRun; context: RunContext; sessions: Map<string, FlowSession> },
  ): Promise<unknown> {
    const { run, context, sessions } = on;
    const { services } = this.#on;
    const session = sessions.get(sessionIdOf(run.record.id));
    const peer = session && services.map.party(session.place.peer);
    if (session === undefined || peer === undefined) {
      const { startedBy: party } = run.record;
      throw new FlowError({ code: "flow/unknown-party", party, candidates: [] });
    }
    run.attach(session);
    const seen = new RunSession(session, protocol, peer, run, services);
    return await respond(context, seen as never);
  }
}
