import type { RestClient } from "./rest-client.ts";

/** How long one request waits for its flow; the command asks again until the flow has ended. */
const WAIT_SECONDS = 20;
const WAIT_TIMEOUT_MS = 2 * WAIT_SECONDS * 1000;
/** What has not ended within the first wait takes long: asking often would only cost. */
const POLL_MS = 1000;
const ENDED = ["COMPLETED", "FAILED", "KILLED"];
/** These wait for a person: waiting any longer is of no use. */
const HELD = ["HOSPITAL", "PAUSED"];

/** A flow as REST gives it. */
export type Flow = {
  flowId: string;
  flow: string;
  status: string;
  progress: string;
  input: unknown;
  /** Of a responder: the identity of the peer. */
  initiator?: string;
  result?: unknown;
  error?: { code: string; detail: string } & Record<string, unknown>;
  startedAt: string;
  endedAt?: string;
};

export type FlowStart = { flow: string; input: unknown; clientId?: string };

/** Starts a flow and waits until it has ended, or is held for a person. */
export async function runFlow(client: RestClient, start: FlowStart): Promise<Flow> {
  const answer = await client.post("/v1/flows", start, {
    prefer: `wait=${WAIT_SECONDS}`,
    timeoutMs: WAIT_TIMEOUT_MS,
  });
  let flow = answer.body as Flow;
  if (answer.status === 200) return flow;
  for (;;) {
    flow = (await client.get(`/v1/flows/${flow.flowId}`)).body as Flow;
    if (ENDED.includes(flow.status) || HELD.includes(flow.status)) return flow;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
