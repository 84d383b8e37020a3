import type { FlowRecord, FlowStatus } from "@stateset/flow";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installed, MemoryNodes } from "./memory-nodes.ts";
import { Talk } from "./talk-app.ts";

let talk: Talk;
let nodes: MemoryNodes;

beforeEach(async () => {
  talk = new Talk();
  nodes = await MemoryNodes.startWith({ apps: [talk.app()] }, "Alice", "Bob");
});
afterEach(async () => {
  await nodes.stop();
});

const engine = (name = "Alice") => nodes.node(name).engine;

async function start(flow: string, input: object = {}): Promise<string> {
  return (await engine().start({ flow, input, startedBy: "test" })).id;
}

const ask = (text: string) => start("talk/ask", { to: "Bob", text });

async function until(name: string, id: string, status: FlowStatus): Promise<FlowRecord> {
  await expect.poll(async () => (await engine(name).show(id))?.status).toBe(status);
  return (await engine(name).show(id)) as FlowRecord;
}

async function answering(name = "Bob"): Promise<FlowRecord> {
  const { items } = await engine(name).list({ flow: "talk/ask", limit: 1 });
  return items[0] as FlowRecord;
}

describe("an unexpected error", () => {
  test("holds the flow, and a retry goes on from the journal", async () => {
    talk.bugs = 1;
    const id = await start("talk/external");
    const held = await engine().ended(id);
    expect(held).toMatchObject({
      status: "HOSPITAL",
      error: { code: "flow/unexpected", detail: expect.stringContaining("TypeError: undefined") },
    });
    expect(await engine().retry(id)).not.toHaveProperty("error");
    const ended = await engine().ended(id);
    expect(ended).toMatchObject({ status: "COMPLETED" });
    expect(ended).not.toHaveProperty("error");
    const [first, second] = talk.externals;
    expect(second).toBe(first);
  });

  test("is held over a restart, and so is a retry that did not come to its end", async () => {
    talk.bugs = 1;
    const id = await start("talk/external");
    await engine().ended(id);
    nodes.node("Alice").crash();
    await nodes.node("Alice").restart();
    expect(await engine().ended(id)).toMatchObject({ status: "HOSPITAL" });
    talk.act = (flow) => flow.sleep(60_000);
    const other = await start("talk/do");
    await until("Alice", other, "WAITING");
    await engine().pause(other);
    await engine().retry(other);
    nodes.node("Alice").crash();
    await nodes.node("Alice").restart();
    await until("Alice", other, "WAITING");
  });

  test("of a responder keeps the initiator waiting until it is mended", async () => {
    talk.bugs = 2;
    const id = await ask("bug");
    await expect.poll(async () => (await answering())?.status).toBe("HOSPITAL");
    const { id: held } = await answering();
    await engine("Bob").retry(held);
    await until("Bob", held, "HOSPITAL");
    expect((await engine().show(id))?.status).toBe("WAITING");
    await engine("Bob").retry(held);
    expect(await engine().ended(id)).toMatchObject({ status: "COMPLETED" });
    await until("Bob", held, "COMPLETED");
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", "oops"],
    ["an object", { a: 1 }],
    ["a symbol", Symbol("oops")],
  ])("may be %s", async (_, thrown) => {
    talk.act = () => Promise.reject(thrown);
    expect(await engine().ended(await start("talk/do"))).toMatchObject({
      status: "HOSPITAL",
      error: { code: "flow/unexpected" },
    });
  });

  test("is a result that is not JSON", async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    talk.act = async () => cycle;
    expect(await engine().ended(await start("talk/do"))).toMatchObject({ status: "HOSPITAL" });
  });

  test("is two effects at once", async () => {
    talk.act = async (flow) => await Promise.all([flow.notary(), flow.now()]);
    expect(await engine().ended(await start("talk/do"))).toMatchObject({
      status: "HOSPITAL",
      error: { detail: expect.stringContaining("one effect at a time") },
    });
  });
});

describe("a failure", () => {
  test("crosses the wire with its code and facts, and ends both sides", async () => {
    const ended = await engine().ended(await ask("refuse"));
    const facts = { question: "refuse", big: "7" };
    expect(ended).toMatchObject({ status: "FAILED", error: { code: "talk/refused", facts } });
    expect(await answering()).toMatchObject({
      status: "FAILED",
      error: { code: "talk/refused", facts },
    });
  });

  test("that says too much is cut, and still heard", async () => {
    const { FlowFailure } = await import("@stateset/flow");
    talk.act = async () => {
      throw new FlowFailure("talk/long", "e\u0301\ud800".repeat(9000), { x: "€".repeat(9000) });
    };
    const ended = await engine().ended(await ask("do"));
    expect(ended).toMatchObject({ status: "FAILED", error: { code: "talk/long" } });
  });
});

describe("code that has changed", () => {
  const diverged = { status: "HOSPITAL", error: { code: "flow/diverged" } };

  test.each<[string, Talk["act"]]>([
    ["asks for something else", (flow) => flow.sleep(3)],
    ["completes", async () => ({})],
    [
      "fails",
      async () => {
        throw Object.assign(new Error(""), { name: "FlowFailure", code: "a/b", facts: {} });
      },
    ],
  ])("and %s is held", async (_, changed) => {
    talk.act = async (flow) => {
      await flow.now();
      await flow.sleep(60_000);
    };
    const id = await start("talk/do");
    await until("Alice", id, "WAITING");
    await nodes.node("Alice").stop();
    talk.act = changed;
    await nodes.node("Alice").restart();
    expect(await engine().ended(id)).toMatchObject(diverged);
  });

  test("and is not installed any more holds its flows, but for new ones", async () => {
    const id = await start("talk/nap", { ms: 60_000 });
    const asked = await ask("silence");
    await until("Alice", id, "WAITING");
    await until("Alice", asked, "WAITING");
    await nodes.node("Alice").stop();
    const [cash, before] = nodes.apps as [
      ReturnType<typeof installed>,
      ReturnType<typeof installed>,
    ];
    nodes.apps = [cash, installed(talk.app(2))];
    await nodes.node("Alice").restart();
    const held = { status: "HOSPITAL", error: { code: "flow/unknown-bundle" } };
    expect(await engine().ended(id)).toMatchObject(held);
    expect(await engine().ended(asked)).toMatchObject(held);
    expect(await engine().ended(await start("talk/nap", { ms: 1 }))).toMatchObject({
      status: "COMPLETED",
    });
    // With the version that began it, the flow goes on.
    await nodes.node("Alice").stop();
    nodes.apps = [cash, before, installed(talk.app(2))];
    await nodes.node("Alice").restart();
    await engine().retry(id);
    await until("Alice", id, "WAITING");
  });
});

describe("a pause", () => {
  test("stops a flow where it waits, also over a restart, and a retry goes on", async () => {
    const id = await start("talk/nap", { ms: 300 });
    await until("Alice", id, "WAITING");
    expect(await engine().pause(id)).toMatchObject({ status: "PAUSED" });
    await nodes.node("Alice").stop();
    await nodes.node("Alice").restart();
    expect(await engine().show(id)).toMatchObject({ status: "PAUSED" });
    await engine().retry(id);
    expect(await engine().ended(id)).toMatchObject({ status: "COMPLETED" });
  });

  test("outlasts what the flow was waiting for", async () => {
    talk.act = (flow) => flow.sleep(20);
    const id = await start("talk/do");
    await until("Alice", id, "WAITING");
    await engine().pause(id);
    // Another flow's sleep, begun later, is over: so would the paused one's be.
    expect(await engine().ended(await start("talk/nap", { ms: 40 }))).toMatchObject({
      status: "COMPLETED",
    });
    expect(await engine().show(id)).toMatchObject({ status: "PAUSED" });
    expect(await nodes.node("Alice").store.flow(id)).toMatchObject({ status: "PAUSED" });
  });

  test("of a responder loses nothing of what arrives meanwhile", async () => {
    talk.act = async (flow) => {
      await flow.external("noted", async () => ({}));
      await flow.sleep(1);
    };
    nodes.onPoint = (node, point) => {
      if (node !== "Bob" || !point.includes("sleep/after")) return;
      nodes.onPoint = undefined;
      void answering().then(({ id }) => engine("Bob").pause(id));
    };
    const id = await ask("do");
    await expect.poll(async () => (await answering())?.status).toBe("PAUSED");
    expect((await engine().show(id))?.status).toBe("WAITING");
    await engine("Bob").retry((await answering()).id);
    expect(await engine().ended(id)).toMatchObject({ status: "COMPLETED" });
    await until("Bob", (await answering()).id, "COMPLETED");
  });

  test("is for flows that are under way", async () => {
    const id = await start("talk/echo", { text: "a" });
    await engine().ended(id);
    const fault = { code: "flow/wrong-status", flowId: id, status: "COMPLETED" };
    for (const what of ["pause", "retry", "kill"] as const)
      await expect(engine()[what](id)).rejects.toMatchObject({ fault });
    await expect(engine().pause("none")).rejects.toMatchObject({ code: "flow/not-found" });
  });
});

describe("a kill", () => {
  const killed = { status: "KILLED", error: { code: "flow/killed" } };

  test("ends an initiator that waits, and its responder", async () => {
    const id = await ask("silence");
    await expect.poll(async () => (await answering())?.status).toBe("WAITING");
    expect(await engine().kill(id)).toMatchObject(killed);
    const { id: other } = await answering();
    const failed = { status: "FAILED", error: { code: "flow/killed" } };
    await expect.poll(() => engine("Bob").show(other)).toMatchObject(failed);
    for (const name of ["Alice", "Bob"])
      expect(engine(name).stats()).toMatchObject({ running: 0, sessions: 0 });
  });

  test("ends a responder of which nothing is stored yet, and its initiator", async () => {
    const id = await ask("hush");
    await expect.poll(async () => engine("Bob").stats().running).toBe(1);
    const session = (await nodes.node("Alice").store.undelivered())[0]?.session ?? "";
    const responder = session.includes("-")
      ? session
      : session.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    await until("Bob", responder, "WAITING");
    expect(await nodes.node("Bob").store.flow(responder)).toBeUndefined();
    expect(await engine("Bob").kill(responder)).toMatchObject(killed);
    expect(await engine().ended(id)).toMatchObject({ error: { code: "flow/killed" } });
  });

  test("ends what is held, and what was restored and held", async () => {
    talk.bugs = 10;
    const first = await start("talk/external");
    await engine().ended(first);
    expect(await engine().kill(first)).toMatchObject(killed);
    const second = await ask("bug");
    await expect.poll(async () => (await answering())?.status).toBe("HOSPITAL");
    await nodes.node("Bob").stop();
    await nodes.node("Bob").restart();
    expect(await engine("Bob").kill((await answering()).id)).toMatchObject(killed);
    expect(await engine().ended(second)).toMatchObject({ error: { code: "flow/killed" } });
  });

  test("that nobody heard is told when the peer is there again", async () => {
    const id = await ask("silence");
    await expect.poll(async () => (await answering())?.status).toBe("WAITING");
    nodes.cut("Alice", "Bob");
    await engine("Bob").kill((await answering()).id);
    nodes.mend("Alice", "Bob");
    expect(await engine().ended(id)).toMatchObject({ status: "FAILED" });
  });
});
