/** Which HTTP status tells a refusal; where a code is not listed, its first part decides. */
const STATUS: Readonly<Record<string, number>> = {
  "access/unauthenticated": 401,
  "access/role-not-allowed": 403,
  "access/forbidden": 403,
  "access/flow-not-allowed": 403,
  "flow/unknown": 404,
  "flow/not-found": 404,
  "flow/bad-input": 400,
  "flow/client-id-taken": 409,
  "flow/wrong-status": 409,
  "flow/input-unreadable": 500,
  "flow/too-many": 503,
  "flow/stopping": 503,
  "vault/unknown-table": 404,
  "vault/bad-query": 400,
  "vault/bad-cursor": 400,
  "store/unavailable": 503,
  "store/closed": 503,
  "store/superseded": 503,
  "store/client-id-taken": 409,
  "rest/not-found": 404,
  "rest/not-ready": 503,
  "rest/malformed": 400,
  "rest/unsupported-media-type": 415,
  "rest/too-large": 413,
  "rest/too-slow": 408,
  "rest/overloaded": 503,
  "rest/stopping": 503,
  "rest/too-many-streams": 503,
};

const REFUSED = 422;
const INTERNAL = 500;

export function statusOf(code: string): number {
  return STATUS[code] ?? (code === "internal" ? INTERNAL : REFUSED);
}
