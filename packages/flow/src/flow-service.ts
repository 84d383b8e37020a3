import type { Schema } from "@stateset/codec";
import type { FlowQuery, FlowRecord } from "./ports/store.ts";

/** What people and programs may do with flows; REST and the command line are made of it. */
export interface FlowService {
  /**
   * Begins a flow, durably. The same client id with the same flow and input gives the same flow.
   * `input` is JSON: integers of schema `int` as decimal text or whole numbers.
   * @throws FlowError `flow/unknown`, `flow/bad-input`, `flow/client-id-taken`, `flow/too-many`,
   * `flow/stopping`
   */
  start(request: StartRequest): Promise<FlowRecord>;
  show(id: string): Promise<FlowRecord | undefined>;
  /** Without the inputs, which may be documents: each `input` is empty. */
  list(query: FlowQuery): Promise<{ items: FlowRecord[]; nextCursor?: string }>;
  /** Runs a flow again from its journal: one in hospital or paused. */
  retry(id: string): Promise<FlowRecord>;
  pause(id: string): Promise<FlowRecord>;
  /** Ends a flow that has not asked the notary yet, or is held. Its sessions fail at the peers. */
  kill(id: string): Promise<FlowRecord>;
  /** The flow as it is, and then every change until it ends. @returns what stops it */
  watch(id: string, listener: (event: FlowEvent) => void): () => void;
  /** Resolves with the flow once it has ended, or is held in hospital. */
  ended(id: string, signal?: AbortSignal): Promise<FlowRecord>;
  definitions(): readonly FlowDescription[];
}

export type StartRequest = {
  flow: string;
  input: unknown;
  clientId?: string;
  startedBy: string;
  /**
   * The caller waits for the end by `ended`, and need not hear that the flow is durable before: one
   * commit less. If the process dies first, the flow may never have been.
   */
  waits?: boolean;
};

export type FlowDescription = {
  name: string;
  description: string;
  app: string;
  input: Schema;
};

/** `id` ascends within one flow, and stays the same when the node restarts. */
export type FlowEvent = { id: number; at: number; record: FlowRecord };

/** What the engine refuses or holds. Codes are stable. */
export type FlowFault =
  | { code: "flow/unknown"; flow: string; known: string[] }
  | { code: "flow/bad-input"; flow: string; field: string; reason: string }
  | { code: "flow/client-id-taken"; clientId: string; flowId: string }
  | { code: "flow/not-found"; flowId: string }
  | { code: "flow/wrong-status"; flowId: string; status: string; expected: string[] }
  | { code: "flow/too-many"; running: number; max: number }
  | { code: "flow/stopping" }
  | { code: "flow/killed"; flowId: string }
  | { code: "flow/diverged"; flowId: string; entry: number; journaled: string; found: string }
  | { code: "flow/unknown-bundle"; flow: string; bundle: string }
  | { code: "flow/input-unreadable"; flowId: string }
  | { code: "flow/not-verified"; flowId: string; id: string }
  | { code: "flow/session-ended"; peer: string; reason: string }
  | { code: "flow/unexpected-message"; expected: string; found: string }
  | { code: "flow/message-malformed"; message: string; field: string; reason: string }
  | { code: "flow/too-large"; what: string; found: number; max: number }
  | { code: "flow/peer-restored"; peer: string }
  | { code: "flow/unknown-party"; party: string; candidates: string[] }
  | { code: "flow/timed-out"; what: string; afterMs: number };

export class FlowError extends Error {
  readonly fault: FlowFault;

  constructor(fault: FlowFault) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`);
    this.name = "FlowError";
    this.fault = fault;
  }

  get code(): FlowFault["code"] {
    return this.fault.code;
  }
}
