import {
  FlowError,
  type FlowRecord,
  type FlowService,
  type FlowStatus,
  isEnded,
} from "@stateset/flow";
import type { FastifyInstance, FastifyReply } from "fastify";
import Type, { type Static } from "typebox";
import { assertMayStart } from "../access/caller.ts";
import { EventStreams, parseSeen } from "./event-streams.ts";
import { type AppVersion, flowJson, listedFlowJson } from "./flow-json.ts";
import { preferredWaitMs } from "./prefer-wait.ts";
import { answers, body, cursorSchema, timeSchema, uuidSchema } from "./rest-schemas.ts";
import { callerOf } from "./rest-server.ts";

export type FlowRoutesOptions = { flows: FlowService; appVersion: AppVersion };

const STATUSES = [
  "RUNNING",
  "WAITING",
  "COMPLETED",
  "FAILED",
  "HOSPITAL",
  "PAUSED",
  "KILLED",
] as const satisfies readonly FlowStatus[];
const LIST_LIMIT_DEFAULT = 50;
/** An input may hold a document, in base64: the largest is 1 MiB. */
const START_BYTES_MAX = 2 << 20;

const startBody = body({
  flow: Type.String({ minLength: 1, maxLength: 128, examples: ["cash/pay"] }),
  input: Type.Unknown({ description: "as the flow's schema says; GET /v1/node shows it" }),
  clientId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: "the same one gives the same flow, however often it is sent",
    }),
  ),
});
const idParams = body({ id: uuidSchema });
const listQuery = body({
  status: Type.Optional(
    Type.String({
      pattern: `^(${STATUSES.join("|")})(,(${STATUSES.join("|")})){0,6}$`,
      description: `one of ${STATUSES.join(", ")}, or several joined by commas`,
    }),
  ),
  flow: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  limit: Type.Optional(
    Type.String({ pattern: "^([1-9][0-9]?|[1-4][0-9]{2}|500)$", description: "1 to 500" }),
  ),
  cursor: Type.Optional(cursorSchema),
});
const listedFlow = {
  flowId: uuidSchema,
  flow: Type.String(),
  version: Type.Union([Type.Integer(), Type.Null()], { description: "of the flow's app" }),
  status: Type.Enum([...STATUSES]),
  result: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.Unknown({ description: "why it failed, as a problem" })),
  progress: Type.String(),
  startedAt: timeSchema,
  endedAt: Type.Optional(timeSchema),
  clientId: Type.Optional(Type.String()),
  startedBy: Type.String(),
  initiator: Type.Optional(Type.String({ description: "of a responder: the peer's identity" })),
};
const flowSchema = Type.Object({
  ...listedFlow,
  input: Type.Unknown({
    description:
      "strings of more than 4096 characters are given as their length, as …(34567 characters)",
  }),
});
const startedSchema = Type.Object({ flowId: uuidSchema, status: Type.Enum([...STATUSES]) });
const flowAnswers = answers(200, flowSchema, "the flow");

export function registerFlowRoutes(server: FastifyInstance, options: FlowRoutesOptions): void {
  registerStart(server, options);
  registerReading(server, options);
  registerSteering(server, options);
  registerEvents(server, options);
}

function registerStart(server: FastifyInstance, { flows, appVersion }: FlowRoutesOptions): void {
  /** A set, since a signal looks through all its listeners for each that comes or goes. */
  const waiting = new Set<AbortController>();
  server.addHook("preClose", (done) => {
    for (const each of waiting) each.abort();
    done();
  });
  server.post<{ Body: Static<typeof startBody> }>(
    "/v1/flows",
    {
      config: { right: "start" },
      bodyLimit: START_BYTES_MAX,
      schema: {
        summary: "Start a flow; with Prefer: wait=10, wait that long for its end",
        body: startBody,
        response: {
          ...answers(202, startedSchema, "started, and durable"),
          ...flowAnswers,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { flow, input, clientId } = request.body;
      assertMayStart(caller, flow);
      const prefer = request.headers.prefer;
      const waitMs = preferredWaitMs(Array.isArray(prefer) ? prefer.join(",") : prefer);
      const started = await flows.start({
        flow,
        input,
        startedBy: caller.user,
        waits: waitMs > 0,
        ...(clientId !== undefined && { clientId }),
      });
      const last = waitMs === 0 ? started : await endOf(started, waitMs, reply);
      if (waitMs > 0) reply.header("preference-applied", `wait=${waitMs / 1000}`);
      if (waitMs > 0 && isEnded(last.status)) return sendFlow(reply, last);
      reply.header("location", `/v1/flows/${last.id}`);
      return sendJsonText(reply, 202, `{"flowId":"${last.id}","status":"${last.status}"}`);
    },
  );

  /** The flow as it is when it has ended or is held, or when waiting no longer is of use. */
  async function endOf(
    started: FlowRecord,
    waitMs: number,
    reply: FastifyReply,
  ): Promise<FlowRecord> {
    if (isEnded(started.status)) return started;
    const enough = new AbortController();
    const abort = () => enough.abort();
    const timer = setTimeout(abort, waitMs);
    reply.raw.once("close", abort);
    waiting.add(enough);
    try {
      return await flows.ended(started.id, enough.signal);
    } catch (error) {
      if (!enough.signal.aborted) throw error;
      return (await flows.show(started.id)) ?? started;
    } finally {
      clearTimeout(timer);
      reply.raw.removeListener("close", abort);
      waiting.delete(enough);
    }
  }

  function sendFlow(reply: FastifyReply, record: FlowRecord): FastifyReply {
    return sendJsonText(reply, 200, flowJson(record, appVersion));
  }
}

function registerReading(server: FastifyInstance, { flows, appVersion }: FlowRoutesOptions): void {
  server.get<{ Params: Static<typeof idParams> }>(
    "/v1/flows/:id",
    { schema: { summary: "Show a flow", params: idParams, response: flowAnswers } },
    async (request, reply) => {
      const record = await flows.show(request.params.id);
      if (record === undefined) throw notFound(request.params.id);
      return sendJsonText(reply, 200, flowJson(record, appVersion));
    },
  );
  const pageSchema = Type.Object({
    items: Type.Array(Type.Object(listedFlow)),
    nextCursor: Type.Optional(Type.String()),
  });
  server.get<{ Querystring: Static<typeof listQuery> }>(
    "/v1/flows",
    {
      schema: {
        summary: "List flows without their inputs, the newest first",
        querystring: listQuery,
        response: answers(200, pageSchema, "a page; nextCursor leads to the next"),
      },
    },
    async (request, reply) => {
      const { status, flow, limit, cursor } = request.query;
      const { items, nextCursor } = await flows.list({
        limit: limit === undefined ? LIST_LIMIT_DEFAULT : Number(limit),
        ...(status !== undefined && { statuses: status.split(",") as FlowStatus[] }),
        ...(flow !== undefined && { flow }),
        ...(cursor !== undefined && { cursor }),
      });
      const next = nextCursor === undefined ? "" : `,"nextCursor":${JSON.stringify(nextCursor)}`;
      const flowTexts = items.map((record) => listedFlowJson(record, appVersion));
      return sendJsonText(reply, 200, `{"items":[${flowTexts.join(",")}]${next}}`);
    },
  );
}

function registerSteering(server: FastifyInstance, { flows, appVersion }: FlowRoutesOptions): void {
  const summaries = {
    retry: "Run a flow again that is in hospital or paused",
    pause: "Hold a flow where it is",
    kill: "End a flow that has not asked the notary yet, or is held",
  } as const;
  for (const action of ["retry", "pause", "kill"] as const)
    server.post<{ Params: Static<typeof idParams> }>(
      `/v1/flows/:id/${action}`,
      {
        config: { right: "steer" },
        schema: { summary: summaries[action], params: idParams, response: flowAnswers },
      },
      async (request, reply) => {
        const record = await flows[action](request.params.id);
        return sendJsonText(reply, 200, flowJson(record, appVersion));
      },
    );
}

function registerEvents(server: FastifyInstance, { flows, appVersion }: FlowRoutesOptions): void {
  const streams = new EventStreams();
  server.addHook("preClose", (done) => {
    streams.endAll();
    done();
  });
  server.get<{ Params: Static<typeof idParams> }>(
    "/v1/flows/:id/events",
    {
      schema: {
        summary: "Follow a flow by server-sent events, until it ends; resumable by Last-Event-ID",
        params: idParams,
        response: {
          200: {
            description: "events named `flow`, each with the flow as it then is, without its input",
            content: { "text/event-stream": { schema: Type.String() } },
          },
          204: { description: "the flow has ended, and its last event was seen", type: "null" },
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if ((await flows.show(id)) === undefined) throw notFound(id);
      const stream = streams.open(reply, parseSeen(request.headers["last-event-id"]));
      stream.onEnd(
        flows.watch(id, (event) => {
          const data = listedFlowJson(event.record, appVersion);
          const isLast = isEnded(event.record.status);
          stream.send({ id: event.id, name: "flow", data, isLast });
        }),
      );
      return reply;
    },
  );
}

function notFound(flowId: string): FlowError {
  return new FlowError({ code: "flow/not-found", flowId });
}

/** JSON that is text already. */
function sendJsonText(reply: FastifyReply, status: number, json: string): FastifyReply {
  return reply.code(status).type("application/json; charset=utf-8").send(json);
}
