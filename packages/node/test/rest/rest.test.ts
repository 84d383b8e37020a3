import { once } from "node:events";
import { connect } from "node:net";
import { FlowError } from "@stateset/flow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallOptions, startRestFixture } from "./rest-fixture.ts";

let node: Awaited<ReturnType<typeof startRestFixture>>;
let call: typeof node.call;
beforeAll(async () => {
  node = await startRestFixture();
  call = node.call;
});
afterAll(() => node.server.close());

const PAY = { flow: "cash/pay", input: { amount: "100" } };
const NOWHERE = "0190b5a0-7e11-7d3c-9b1a-1f2e3d4c5b6a";
const HASH = "0f".repeat(32);

describe("flows", () => {
  test("a start is answered at once, and shown", async () => {
    const started = await call("POST", "/v1/flows", { body: PAY });
    const { flowId } = started.json;
    expect(started).toMatchObject({ status: 202, json: { flowId, status: "RUNNING" } });
    expect(started.headers.get("location")).toBe(`/v1/flows/${flowId}`);
    node.flows.change(flowId, {
      status: "COMPLETED",
      result: '{"txId":"ab","amount":"9007199254740993"}',
      progress: "done",
      endedAt: Date.UTC(2026, 0, 3),
    });
    expect((await call("GET", `/v1/flows/${flowId}`)).json).toEqual({
      flowId,
      flow: "cash/pay",
      version: 3,
      status: "COMPLETED",
      result: { txId: "ab", amount: "9007199254740993" },
      progress: "done",
      startedAt: "2026-01-02T00:00:00.000Z",
      endedAt: "2026-01-03T00:00:00.000Z",
      startedBy: "ann",
      input: { amount: "100" },
    });
  });

  test("a failure is shown as a problem with its facts", async () => {
    const { flowId } = (await call("POST", "/v1/flows", { body: PAY })).json;
    const facts = { available: "5" };
    const error = { code: "vault/insufficient", detail: "too little", facts };
    node.flows.change(flowId, { status: "FAILED", error });
    expect((await call("GET", `/v1/flows/${flowId}`)).json.error).toEqual({
      type: "urn:stateset:problem:vault/insufficient",
      title: "insufficient",
      detail: "too little",
      code: "vault/insufficient",
      available: "5",
    });
  });

  test("the same client id gives the same flow", async () => {
    const body = { ...PAY, clientId: "order-1" };
    const [first, second] = [
      await call("POST", "/v1/flows", { body }),
      await call("POST", "/v1/flows", { body }),
    ];
    expect(second.json.flowId).toBe(first.json.flowId);
  });

  test("with Prefer: wait, the ended flow is the answer", async () => {
    const headers = { prefer: "wait=20" };
    const body = { ...PAY, clientId: "waited" };
    const { flowId } = (await call("POST", "/v1/flows", { body })).json;
    const waiting = call("POST", "/v1/flows", { body, headers });
    await expect.poll(() => node.flows.watchers(flowId)).toBe(1);
    node.flows.change(flowId, { status: "COMPLETED", result: '"done"' });
    expect(await waiting).toMatchObject({ status: 200, json: { flowId, result: "done" } });
    expect(node.flows.watchers(flowId)).toBe(0);
  });

  test("what does not end in time is answered as started", async () => {
    const headers = { prefer: "wait=1" };
    const waited = await call("POST", "/v1/flows", { body: PAY, headers });
    expect(waited).toMatchObject({ status: 202, json: { status: "RUNNING" } });
    expect(waited.headers.get("preference-applied")).toBe("wait=1");
  });

  test("lists are paged", async () => {
    const { items, nextCursor } = (await call("GET", "/v1/flows?limit=2")).json;
    expect(items).toHaveLength(2);
    const next = (await call("GET", `/v1/flows?limit=2&cursor=${nextCursor}`)).json;
    expect(next.items[0].flowId).not.toBe(items[0].flowId);
    const failed = (await call("GET", "/v1/flows?status=FAILED,KILLED")).json.items;
    expect(failed.map(({ status }: { status: string }) => status)).toEqual(["FAILED"]);
  });

  test("long strings of an input are shown as their length, and no other", async () => {
    const limit = "x".repeat(4096);
    const document = { content: `${limit}x`, name: limit, number: "9007199254740993" };
    const input = { documents: [document, "…"], total: 1.5 };
    const { flowId } = (await call("POST", "/v1/flows", { body: { ...PAY, input } })).json;
    const shown = [
      await call("GET", `/v1/flows/${flowId}`),
      await call("POST", `/v1/flows/${flowId}/pause`),
    ];
    const content = "…(4097 characters)";
    const expected = { ...input, documents: [{ ...document, content }, "…"] };
    for (const { json } of shown) expect(json.input).toEqual(expected);
  });

  test("an input that the node cannot read is null", async () => {
    const { flowId } = (await call("POST", "/v1/flows", { body: PAY })).json;
    node.flows.change(flowId, { input: "" });
    expect((await call("GET", `/v1/flows/${flowId}`)).json).toHaveProperty("input", null);
  });

  test("a list has no inputs", async () => {
    await call("POST", "/v1/flows", { body: PAY });
    const { items } = (await call("GET", "/v1/flows")).json;
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(item).not.toHaveProperty("input");
  });

  test("flows are paused, retried and killed", async () => {
    const { flowId } = (await call("POST", "/v1/flows", { body: PAY })).json;
    for (const [action, status] of [
      ["pause", "PAUSED"],
      ["retry", "RUNNING"],
      ["kill", "KILLED"],
    ])
      expect(await call("POST", `/v1/flows/${flowId}/${action}`)).toMatchObject({
        status: 200,
        json: { flowId, status },
      });
    expect((await call("POST", `/v1/flows/${flowId}/pause`)).json).toMatchObject({
      code: "flow/wrong-status",
      status: 409,
    });
  });
});

describe("events", () => {
  async function follow(flowId: string, lastEventId?: string) {
    const response = await fetch(`${node.url}/v1/flows/${flowId}/events`, {
      headers: {
        authorization: `Bearer ${node.operator}`,
        ...(lastEventId && { "last-event-id": lastEventId }),
      },
    });
    return { status: response.status, text: () => response.text() };
  }
  const idsIn = (text: string) => [...text.matchAll(/^id: (\S+)$/gm)].map((match) => match[1]);

  test("come until the flow ends, and go on behind the last one seen", async () => {
    const { flowId } = (await call("POST", "/v1/flows", { body: PAY })).json;
    const stream = await follow(flowId);
    node.flows.change(flowId, { status: "WAITING", progress: "line\nbreak" });
    const resumed = follow(flowId, "1");
    await expect.poll(() => node.flows.watchers(flowId)).toBe(2);
    node.flows.change(flowId, { status: "COMPLETED" });
    const text = await stream.text();
    expect(idsIn(text)).toEqual(["0", "1", "2.end"]);
    const last = JSON.parse(
      text
        .match(/^data: (.*)$/gm)
        ?.at(-1)
        ?.slice(6) ?? "",
    );
    expect(last).toMatchObject({ flowId, status: "COMPLETED", progress: "line\nbreak" });
    expect(last).not.toHaveProperty("input");
    expect(idsIn(await (await resumed).text())).toEqual(["2.end"]);
    expect(node.flows.watchers(flowId)).toBe(0);
  });

  test("a reader that has seen the end is told not to come back", async () => {
    const { flowId } = (await call("POST", "/v1/flows", { body: PAY })).json;
    node.flows.change(flowId, { status: "KILLED" });
    expect((await follow(flowId, "1.end")).status).toBe(204);
    // Numbers may begin anew with the node; having seen the end is what counts.
    expect((await follow(flowId, "0.end")).status).toBe(204);
    expect(idsIn(await (await follow(flowId)).text())).toEqual(["1.end"]);
  });

  test("a reader that goes is no longer served", async () => {
    const { flowId } = (await call("POST", "/v1/flows", { body: PAY })).json;
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${node.operator}` };
    await fetch(`${node.url}/v1/flows/${flowId}/events`, { headers, signal: abort.signal });
    expect(node.flows.watchers(flowId)).toBe(1);
    abort.abort();
    await expect.poll(() => node.flows.watchers(flowId)).toBe(0);
  });
});

type Row = [
  what: string,
  method: string,
  path: string,
  options: CallOptions,
  code: string,
  status: number,
];
const ROWS: Row[] = [
  ["no token", "GET", "/v1/node", { token: "" }, "access/unauthenticated", 401],
  ["no token on an unknown path", "GET", "/v1/x", { token: "" }, "access/unauthenticated", 401],
  [
    "no token for the interface",
    "GET",
    "/v1/openapi.json",
    { token: "" },
    "access/unauthenticated",
    401,
  ],
  ["no token for metrics", "GET", "/metrics", { token: "" }, "access/unauthenticated", 401],
  [
    "another role",
    "GET",
    "/v1/node",
    { headers: { "x-hasura-role": "admin" } },
    "access/role-not-allowed",
    403,
  ],
  ["an unknown path", "GET", "/v1/x", {}, "rest/not-found", 404],
  ["an unknown method", "DELETE", "/v1/flows", {}, "rest/not-found", 404],
  ["no JSON", "POST", "/v1/flows", { body: "{" }, "rest/malformed", 400],
  [
    "no body",
    "POST",
    "/v1/flows",
    { headers: { "content-type": "application/json" } },
    "rest/malformed",
    400,
  ],
  ["a poisoned body", "POST", "/v1/flows", { body: '{"__proto__":{}}' }, "rest/malformed", 400],
  [
    "another content type",
    "POST",
    "/v1/flows",
    { body: "x", headers: { "content-type": "text/xml" } },
    "rest/unsupported-media-type",
    415,
  ],
  [
    "too large a body",
    "POST",
    "/v1/flows",
    { body: `"${"x".repeat(2 << 20)}"` },
    "rest/too-large",
    413,
  ],
  ["no flow", "POST", "/v1/flows", { body: { input: 1 } }, "rest/malformed", 400],
  [
    "a mistyped member",
    "POST",
    "/v1/flows",
    { body: { ...PAY, clientID: "x" } },
    "rest/malformed",
    400,
  ],
  [
    "a number for text",
    "POST",
    "/v1/flows",
    { body: { ...PAY, clientId: 5 } },
    "rest/malformed",
    400,
  ],
  [
    "an unknown flow",
    "POST",
    "/v1/flows",
    { body: { flow: "pay", input: {} } },
    "flow/unknown",
    404,
  ],
  ["a malformed id", "GET", "/v1/flows/1", {}, "rest/malformed", 400],
  ["a very long id", "GET", `/v1/flows/${"1".repeat(500)}`, {}, "rest/not-found", 404],
  ["a broken path", "GET", "/v1/flows/%zz", {}, "rest/malformed", 400],
  ["a flow not there", "GET", `/v1/flows/${NOWHERE}`, {}, "flow/not-found", 404],
  ["steering it", "POST", `/v1/flows/${NOWHERE}/kill`, {}, "flow/not-found", 404],
  ["its events", "GET", `/v1/flows/${NOWHERE}/events`, {}, "flow/not-found", 404],
  ["a list without bound", "GET", "/v1/flows?limit=100000", {}, "rest/malformed", 400],
  ["an unknown status", "GET", "/v1/flows?status=DONE", {}, "rest/malformed", 400],
  ["an unknown parameter", "GET", "/v1/flows?statuses=FAILED", {}, "rest/malformed", 400],
  [
    "an unknown state",
    "POST",
    "/v1/vault/query",
    { body: { state: "cash/cush" } },
    "vault/unknown-table",
    404,
  ],
  [
    "an unknown column",
    "POST",
    "/v1/vault/query",
    { body: { state: "cash/cash", where: { colour: { _eq: "red" } } } },
    "vault/bad-query",
    400,
  ],
  [
    "a cursor of one's own",
    "POST",
    "/v1/vault/query",
    { body: { state: "cash/cash", cursor: "zz" } },
    "vault/bad-cursor",
    400,
  ],
  ["a transaction not held", "GET", `/v1/transactions/${HASH}`, {}, "rest/not-found", 404],
  ["its graph", "GET", `/v1/transactions/${HASH}/graph`, {}, "rest/not-found", 404],
  ["its receipt", "GET", `/v1/transactions/${HASH}/receipt`, {}, "rest/not-found", 404],
  ["an attachment not held", "GET", `/v1/attachments/${HASH}`, {}, "rest/not-found", 404],
  ["an empty attachment", "POST", "/v1/attachments", { body: "" }, "rest/malformed", 400],
];

describe("refuses", () => {
  test.each(ROWS)("%s", async (_, method, path, options, code, status) => {
    const answer = await call(method, path, options);
    expect(answer.json).toMatchObject({ code, status, type: `urn:stateset:problem:${code}` });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.text).not.toMatch(/node_modules|\.ts:|at .*\(/);
    if (status === 401) expect(Object.keys(answer.json).sort()).toEqual(PLAIN_MEMBERS);
  });
  const PLAIN_MEMBERS = ["code", "detail", "reason", "status", "title", "type"];

  test("a fault of ours without its inside, which is logged", async () => {
    node.flows.startFails = new Error("password p4ss at /secret/file.ts:3");
    const answer = await call("POST", "/v1/flows", { body: PAY });
    node.flows.startFails = undefined;
    expect(answer).toMatchObject({ status: 500, json: { code: "internal" } });
    expect(answer.text).not.toContain("p4ss");
    expect(node.logged.find(({ message }) => message === "request failed")?.fields).toMatchObject({
      path: "/v1/flows",
      error: expect.any(Error),
    });
  });

  test("with 503 and a time to come back when there is too much to do", async () => {
    node.flows.startFails = new FlowError({ code: "flow/too-many", running: 9, max: 9 });
    const answer = await call("POST", "/v1/flows", { body: PAY });
    node.flows.startFails = undefined;
    expect(answer).toMatchObject({ status: 503, json: { code: "flow/too-many", max: 9 } });
    expect(answer.headers.get("retry-after")).toBe("1");
  });

  test("what is no HTTP, as a problem", async () => {
    const socket = connect(node.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    socket.write("GARBAGE\r\n\r\n");
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1.1 400 .*"code":"rest\/malformed"/s);
  });
});

describe("roles", () => {
  test("a user starts the flows that its token names, and steers none", async () => {
    const token = await node.tokenOf({ roles: ["user"], allowedFlows: ["cash/pay"] });
    const started = await call("POST", "/v1/flows", { token, body: PAY });
    expect(started.status).toBe(202);
    const issue = { ...PAY, flow: "cash/issue" };
    expect((await call("POST", "/v1/flows", { token, body: issue })).json).toMatchObject({
      code: "access/flow-not-allowed",
      claim: "x-hasura-allowed-flows",
    });
    const kill = await call("POST", `/v1/flows/${started.json.flowId}/kill`, { token });
    expect(kill).toMatchObject({ status: 403, json: { needs: ["admin", "operator"] } });
  });

  test("a viewer reads and starts nothing", async () => {
    const token = await node.tokenOf({ roles: ["viewer"] });
    expect((await call("GET", "/v1/node", { token })).json).toMatchObject({ name: "alice" });
    expect((await call("POST", "/v1/flows", { token, body: PAY })).json).toMatchObject({
      code: "access/forbidden",
      needs: ["admin", "operator", "user"],
    });
    expect((await call("POST", "/v1/attachments", { token, body: "x" })).status).toBe(403);
  });
});

test("a document comes back as it was, whatever its type", async () => {
  const body = '{"not": "parsed"';
  const stored = await call("POST", "/v1/attachments", { body });
  expect(stored).toMatchObject({ status: 201, json: { bytes: body.length } });
  const { hash } = stored.json;
  const found = await call("GET", `/v1/attachments/${hash}`);
  expect(found.text).toBe(body);
  expect(found.headers.get("x-content-type-options")).toBe("nosniff");
});

test("network and node tell who and what", async () => {
  expect((await call("GET", "/v1/network")).json).toMatchObject({
    parties: [{ legalName: "O=Alice,L=Zurich,C=CH", identity: expect.stringMatching(/^\w{64}$/) }],
    parameters: { hash: expect.stringMatching(/^\w{64}$/) },
  });
});

test("health needs no token, and says what a node waits for", async () => {
  expect(await call("GET", "/livez", { token: "" })).toMatchObject({ status: 200 });
  expect(await call("GET", "/readyz", { token: "" })).toMatchObject({ status: 200 });
  node.waiting.push("database");
  const unready = await call("GET", "/readyz", { token: "" });
  node.waiting.pop();
  expect(unready).toMatchObject({ status: 503, json: { waiting: ["database"] } });
});

test("metrics count requests by route, not by path", async () => {
  await call("GET", `/v1/flows/${NOWHERE}`);
  const { text } = await call("GET", "/metrics");
  expect(text).toMatch(/stateset_http_request_seconds_count\{.*route="\/v1\/flows\/:id"/);
  expect(text).not.toContain(NOWHERE);
  expect(text).toContain("nodejs_eventloop_lag_seconds");
});

test("the interface describes itself in OpenAPI 3.1", async () => {
  const { json } = await call("GET", "/v1/openapi.json");
  expect(json.openapi).toBe("3.1.0");
  expect(Object.keys(json.paths).sort()).toEqual([
    "/livez",
    "/metrics",
    "/readyz",
    "/v1/attachments",
    "/v1/attachments/{hash}",
    "/v1/flows",
    "/v1/flows/{id}",
    "/v1/flows/{id}/events",
    "/v1/flows/{id}/kill",
    "/v1/flows/{id}/pause",
    "/v1/flows/{id}/retry",
    "/v1/network",
    "/v1/node",
    "/v1/transactions/{id}",
    "/v1/transactions/{id}/graph",
    "/v1/transactions/{id}/private",
    "/v1/transactions/{id}/private/{index}",
    "/v1/transactions/{id}/receipt",
    "/v1/vault/query",
  ]);
});
