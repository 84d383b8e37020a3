import type { FlowEvent } from "@stateset/flow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";
import { Talk } from "./talk-app.ts";

const talk = new Talk();
let nodes: MemoryNodes;

beforeAll(async () => {
  nodes = await MemoryNodes.startWith({ apps: [talk.app()] }, "Alice", "Bob");
});
afterAll(async () => {
  await nodes.stop();
});

const engine = () => nodes.node("Alice").engine;
const request = (clientId: string, input: unknown = { text: "hello" }) => ({
  flow: "talk/echo",
  input,
  clientId,
  startedBy: "test",
});

describe("a client id", () => {
  test("gives the same flow again, while it runs and once it has ended", async () => {
    const { times } = talk;
    const first = await engine().start(request("same"));
    const second = await engine().start(request("same"));
    const ended = await engine().ended(first.id);
    const third = await engine().start(request("same"));
    expect([second.id, third.id]).toEqual([first.id, first.id]);
    expect(third).toEqual(ended);
    expect(talk.times).toBe(times + 1);
  });

  test("gives the same flow to a caller that waited and comes again before it is stored", async () => {
    const { times } = talk;
    const first = await engine().start({ ...request("patient"), waits: true });
    const again = await engine().start({ ...request("patient"), waits: true });
    const impatient = await engine().start(request("patient"));
    expect([again.id, impatient.id]).toEqual([first.id, first.id]);
    expect(await nodes.node("Alice").store.flow(first.id)).toBeDefined();
    expect(await engine().ended(first.id)).toMatchObject({ status: "COMPLETED" });
    expect(talk.times).toBe(times + 1);
  });

  test("gives one flow to many who ask at the same time", async () => {
    const records = await Promise.all(
      Array.from({ length: 20 }, () => engine().start(request("many"))),
    );
    expect(new Set(records.map(({ id }) => id)).size).toBe(1);
    const { items } = await engine().list({ flow: "talk/echo", limit: 100 });
    expect(items.filter(({ clientId }) => clientId === "many")).toHaveLength(1);
  });

  test("is remembered over a restart", async () => {
    const first = await engine().start(request("kept"));
    await engine().ended(first.id);
    nodes.node("Alice").crash();
    await nodes.node("Alice").restart();
    expect(await engine().start(request("kept"))).toMatchObject({
      id: first.id,
      status: "COMPLETED",
    });
  });

  test("is the same however the input is written", async () => {
    const first = await engine().start(request("written", { text: "a", times: 2 }));
    const again = await engine().start(request("written", { times: 2, text: "a" }));
    expect(again.id).toBe(first.id);
  });

  test.each([
    ["another input", { input: { text: "other" } }],
    ["another flow", { flow: "talk/do", input: {} }],
  ])("is refused with %s", async (_, change) => {
    const { id: flowId } = await engine().start(request("taken"));
    for (let i = 0; i < 2; i++) {
      const refused = engine().start({ ...request("taken"), ...change });
      const fault = { code: "flow/client-id-taken", clientId: "taken", flowId };
      await expect(refused).rejects.toMatchObject({ fault });
      await engine().ended(flowId);
    }
  });

  test("that two ask for at once with different inputs is one's", async () => {
    const asked = ["one", "other"].map((text) => engine().start(request("race", { text })));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "flow/client-id-taken" } }]);
  });

  test("whose flow was stored though the store said otherwise is run all the same", async () => {
    const { outage } = nodes.node("Alice");
    outage.losesAnswer = (writes) => writes.some(({ kind }) => kind === "flow");
    await expect(engine().start(request("lost"))).rejects.toMatchObject({
      code: "store/unavailable",
    });
    outage.losesAnswer = undefined;
    const { id } = await engine().start(request("lost"));
    expect(await engine().ended(id)).toMatchObject({ status: "COMPLETED" });
  });
});

describe("a start is refused", () => {
  test("of a flow that nobody brings, with those that there are", async () => {
    const refused = engine().start({ flow: "talk/shout", input: {}, startedBy: "test" });
    const known = expect.arrayContaining(["cash/pay", "talk/echo"]);
    await expect(refused).rejects.toMatchObject({ fault: { code: "flow/unknown", known } });
  });

  test.each([
    ["a field that is missing", {}, "text"],
    ["a field too long", { text: "x".repeat(65) }, "text"],
    ["a field of another type", { text: 5 }, "text"],
    ["a number out of range", { text: "a", times: 4 }, "times"],
    ["a field that is not known", { text: "a", more: 1 }, "more"],
    ["no record at all", "text", ""],
    ["nothing", undefined, ""],
  ])("with %s", async (_, input, field) => {
    const refused = engine().start({ flow: "talk/echo", input, startedBy: "test" });
    const fault = { code: "flow/bad-input", flow: "talk/echo", field };
    await expect(refused).rejects.toMatchObject({ fault });
  });

  test("where the store is away, and nothing has begun", async () => {
    const { outage } = nodes.node("Alice");
    outage.isAway = true;
    const refused = engine().start({ flow: "talk/nap", input: { ms: 5 }, startedBy: "test" });
    await expect(refused).rejects.toMatchObject({ code: "store/unavailable" });
    outage.isAway = false;
    expect(await engine().list({ flow: "talk/nap", limit: 9 })).toEqual({ items: [] });
    expect(engine().stats().running).toBe(0);
  });
});

describe("watching", () => {
  test("tells every change in ascending order, to the end", async () => {
    const events: FlowEvent[] = [];
    const input = { to: "Bob", text: "hi" };
    const { id } = await engine().start({ flow: "talk/ask", input, startedBy: "test" });
    const stop = engine().watch(id, (event) => events.push(event));
    await engine().ended(id);
    await expect.poll(() => events.at(-1)?.record.status).toBe("COMPLETED");
    stop();
    const ids = events.map((event) => event.id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  test("tells of a flow that has ended, and of its restart nothing lower", async () => {
    const { id } = await engine().start(request("watched"));
    await engine().ended(id);
    const first = await new Promise<FlowEvent>((resolve) => engine().watch(id, resolve));
    await nodes.node("Alice").stop();
    await nodes.node("Alice").restart();
    const second = await new Promise<FlowEvent>((resolve) => engine().watch(id, resolve));
    expect(second.record).toEqual(first.record);
    expect(second.id).toBeGreaterThanOrEqual(first.id);
  });

  test("ends with the watch, and survives a store that is away", async () => {
    const { outage } = nodes.node("Alice");
    const { id } = await engine().start(request("unwatched"));
    await engine().ended(id);
    outage.isAway = true;
    const events: FlowEvent[] = [];
    engine().watch(id, (event) => events.push(event))();
    outage.isAway = false;
    engine().watch(id, (event) => events.push(event))();
    await engine().show(id);
    expect(events).toEqual([]);
  });
});

test("flows that wait are found as such", async () => {
  const { id } = await engine().start({ flow: "talk/nap", input: { ms: 60_000 }, startedBy: "t" });
  await expect.poll(async () => (await engine().show(id))?.status).toBe("WAITING");
  const waiting = await engine().list({ statuses: ["WAITING"], limit: 10 });
  expect(waiting.items.map((item) => item.id)).toEqual([id]);
  expect(await engine().list({ statuses: ["RUNNING"], limit: 10 })).toMatchObject({ items: [] });
  expect(await engine().kill(id)).toMatchObject({ status: "KILLED" });
});
