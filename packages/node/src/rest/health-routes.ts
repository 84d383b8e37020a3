import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import Type from "typebox";
import { RequestError } from "../request-error.ts";
import { answers, body } from "./rest-schemas.ts";

/** The parts of the node that cannot do their work at the moment; none when it is ready. */
export type Readiness = () => Promise<readonly string[]>;

const stateSchema = Type.Object({ status: Type.String() });

/**
 * Whether the process lives and whether it can work: for supervisors, which have no token, so that
 * they say nothing but that.
 */
export function registerHealthRoutes(
  server: FastifyInstance,
  { readiness, registry }: { readiness: Readiness; registry: Registry },
): void {
  server.get(
    "/livez",
    {
      config: { right: "public" },
      schema: {
        summary: "Whether the process answers",
        security: [],
        querystring: body({}),
        response: answers(200, stateSchema, "it does"),
      },
    },
    async () => ({ status: "live" }),
  );
  server.get(
    "/readyz",
    {
      config: { right: "public" },
      schema: {
        summary: "Whether the node can do its work",
        security: [],
        querystring: body({}),
        response: answers(200, stateSchema, "it can"),
      },
    },
    async () => {
      const waiting = await readiness();
      if (waiting.length === 0) return { status: "ready" };
      throw new RequestError("rest/not-ready", `The node waits for: ${waiting.join(", ")}`, {
        waiting,
      });
    },
  );
  server.get(
    "/metrics",
    {
      schema: {
        summary: "Metrics for Prometheus",
        response: {
          200: { description: "metrics", content: { "text/plain": { schema: Type.String() } } },
        },
      },
    },
    async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
