import type { Log } from "@stateset/flow";
import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import { TokenVerifier } from "../access/token-verifier.ts";
import type { LoadedConfig } from "../config/read-config.ts";
import { HttpMetrics } from "../metrics/http-metrics.ts";
import { type Readiness, registerHealthRoutes } from "../rest/health-routes.ts";
import { createRestServer } from "../rest/rest-server.ts";
import { VERSION } from "../version.ts";
import { systemClock } from "./platform.ts";

/** The HTTP server with what every node has, health and metrics; it does not listen yet. */
export async function startRest(on: {
  loaded: LoadedConfig;
  log: Log;
  registry: Registry;
  readiness: Readiness;
}): Promise<FastifyInstance> {
  const { loaded, log, registry, readiness } = on;
  const { hs256Secret } = loaded.secrets;
  const server = await createRestServer({
    access: new TokenVerifier({ hs256Secret, clock: systemClock }),
    log,
    metrics: new HttpMetrics(registry),
    version: VERSION,
  });
  registerHealthRoutes(server, { readiness, registry });
  return server;
}
