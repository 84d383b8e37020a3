import type { Log } from "@stateset/flow";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { internalProblem, type Problem, problemOf } from "../problem/problem.ts";
import { RequestError } from "../request-error.ts";
import { toJson } from "../to-json.ts";
import { statusOf } from "./problem-status.ts";

/** How long a client should wait before it tries again what the node had no room for. */
const RETRY_AFTER_SECONDS = 1;

/** What the HTTP server itself refuses, under our codes. */
const SERVER_REFUSALS: Readonly<Record<string, [code: string, detail: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    "rest/unsupported-media-type",
    "This takes another content type: see /v1/openapi.json",
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ["rest/too-large", "The body is larger than this takes"],
  FST_ERR_CTP_EMPTY_JSON_BODY: ["rest/malformed", "The body is empty: give JSON"],
  FST_ERR_CTP_INVALID_JSON_BODY: ["rest/malformed", "The body is not JSON"],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    "rest/malformed",
    "The body is not as long as Content-Length says",
  ],
  FST_ERR_BAD_URL: ["rest/malformed", "The path is not a valid URL"],
  FST_ERR_MAX_PARAM_LENGTH: ["rest/not-found", "There is nothing here"],
};

/** Answers an error as a problem. What is not expected is logged, and told without its inside. */
export function replyProblem(
  log: Log,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = problemOf(error) ?? serverProblem(error);
  if (problem !== undefined) {
    sendProblem(reply, problem);
    return;
  }
  const { method, url } = request;
  log("error", "request failed", { method, path: url.split("?")[0], error });
  sendProblem(reply, {
    ...internalProblem(error),
    detail: "The node failed to answer; its log says why",
  });
}

function sendProblem(reply: FastifyReply, problem: Problem): void {
  const status = statusOf(problem.code);
  if (status === 401) reply.header("www-authenticate", "Bearer");
  if (status === 503) reply.header("retry-after", RETRY_AFTER_SECONDS);
  reply
    .code(status)
    .type("application/problem+json; charset=utf-8")
    .send(toJson({ ...problem, status }));
}

function serverProblem(error: unknown): Problem | undefined {
  const { code, statusCode } = error as Partial<FastifyError>;
  const refusal = SERVER_REFUSALS[code ?? ""];
  if (refusal !== undefined) return problemOf(new RequestError(...refusal));
  // Bad characters or lengths in the JSON itself are told by status alone.
  if (statusCode !== 400) return undefined;
  return problemOf(new RequestError("rest/malformed", "The body is not JSON"));
}
