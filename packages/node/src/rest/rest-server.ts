import swagger from "@fastify/swagger";
import type { Log } from "@stateset/flow";
import { type FastifyInstance, type FastifyRequest, fastify } from "fastify";
import { assertMayDo, type Caller } from "../access/caller.ts";
import type { Right } from "../access/role.ts";
import type { TokenVerifier } from "../access/token-verifier.ts";
import type { HttpMetrics } from "../metrics/http-metrics.ts";
import { RequestError } from "../request-error.ts";
import { toJson } from "../to-json.ts";
import { compileSchema } from "./compile-schema.ts";
import { replyProblem } from "./reply-problem.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** What the caller must be allowed to do; `public` asks for no token. */
    right?: Right | "public";
  }
}

export type RestOptions = {
  access: TokenVerifier;
  log: Log;
  metrics: HttpMetrics;
  version: string;
};

/** JSON of ordinary requests; routes that take more say so. */
const BODY_BYTES_MAX = 1 << 20;
/** A request must have arrived by then, head and body: slow senders hold connections. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the 60 s that proxies commonly keep connections, so that they close them and not we. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** Each waits for its flow or its database; beyond it, refusing is kinder than queueing. */
const CONCURRENT_REQUESTS_MAX = 1024;
const CONNECTIONS_MAX = 4096;

/** The HTTP server with what holds for every route: access, problems, limits, OpenAPI. */
export async function createRestServer(options: RestOptions): Promise<FastifyInstance> {
  const { log } = options;
  const server = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: "idle",
    // A closing server answers 503 by the hook below, as a problem.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => replyProblem(log, error, request, reply),
    clientErrorHandler(error, socket) {
      if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
      const isSlow = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
      socket.end(rawProblem(isSlow ? "rest/too-slow" : "rest/malformed", isSlow ? 408 : 400));
    },
  });
  server.server.maxConnections = CONNECTIONS_MAX;
  server.setValidatorCompiler(compileSchema as never);
  server.setSerializerCompiler(() => toJson);
  server.setErrorHandler((error, request, reply) => replyProblem(log, error, request, reply));
  server.decorateRequest("caller", undefined);
  limitAndMeasure(server, options);
  server.addHook("onRequest", (request) => admit(request, options.access));
  server.setNotFoundHandler((request) => {
    const { method, url } = request;
    throw new RequestError("rest/not-found", `There is no ${method} ${url.split("?")[0]}`);
  });
  await describeInterface(server, options.version);
  return server;
}

/** Unknown paths ask for a token too: without one, nothing can be learnt. */
async function admit(request: FastifyRequest, access: TokenVerifier): Promise<void> {
  const right = request.routeOptions.config.right ?? "read";
  if (right === "public") return;
  const { authorization, "x-hasura-role": role } = request.headers;
  const caller = await access.authenticate(
    authorization,
    typeof role === "string" ? role : undefined,
  );
  assertMayDo(caller, right);
  request.caller = caller;
}

/** Throws where a public route asks who calls: that is a fault of the route. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new Error(`${request.url} has no caller`);
  return request.caller;
}

function limitAndMeasure(server: FastifyInstance, { log, metrics }: RestOptions): void {
  let running = 0;
  let isClosing = false;
  server.addHook("preClose", (done) => {
    isClosing = true;
    done();
  });
  server.addHook("onRequest", (request, reply, done) => {
    running++;
    const startedAt = performance.now();
    // "close" comes for every answer, also one that the client did not wait for.
    reply.raw.once("close", () => {
      running--;
      const { method } = request;
      const route = request.routeOptions.url ?? "unknown";
      const ms = performance.now() - startedAt;
      metrics.observe(method, route, reply.statusCode, ms);
      log("debug", "request", { method, route, status: reply.statusCode, ms });
    });
    if (isClosing) {
      reply.header("connection", "close");
      done(new RequestError("rest/stopping", "The node is stopping: try again when it is back"));
    } else if (running > CONCURRENT_REQUESTS_MAX && request.routeOptions.config.right !== "public")
      done(new RequestError("rest/overloaded", "The node has too much to do: try again later"));
    else done();
  });
}

async function describeInterface(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Stateset node",
        description: "Flows, vault and transactions of one company's node.",
        version,
      },
      components: {
        securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      },
      security: [{ token: [] }],
    },
  });
  server.get("/v1/openapi.json", { schema: { hide: true } }, async (_, reply) =>
    reply.type("application/json").send(JSON.stringify(server.swagger())),
  );
}

function rawProblem(code: string, status: number): string {
  const title = code.replace(/^.*\//, "").replaceAll("-", " ");
  const detail = "The request is not valid HTTP, or did not arrive in time";
  const type = `urn:stateset:problem:${code}`;
  const content = JSON.stringify({ type, title, status, detail, code });
  return [
    `HTTP/1.1 ${status} ${status === 408 ? "Request Timeout" : "Bad Request"}`,
    "Content-Type: application/problem+json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(content)}`,
    "Connection: close",
    "",
    content,
  ].join("\r\n");
}
