import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";
import { francs, Purse } from "./purse.ts";
import { askProtocol, Talk } from "./talk-app.ts";

let talk: Talk;
let nodes: MemoryNodes;
let purse: Purse;

beforeEach(async () => {
  talk = new Talk();
  nodes = await MemoryNodes.startWith({ apps: [talk.app()] }, "Bank", "Alice", "Bob");
  purse = new Purse(nodes);
});
afterEach(async () => {
  await nodes.stop();
});

const FIFTY = francs(50);

const alice = () => nodes.node("Alice");
const status = async (name: string, id: string) => (await nodes.node(name).engine.show(id))?.status;

describe("a receive that times out", () => {
  test("fails the flow with what was waited for", async () => {
    const input = { to: "Bob", text: "hush", timeoutMs: 20 };
    expect(await purse.run("Alice", "talk/ask", input)).toMatchObject({
      status: "FAILED",
      error: { code: "flow/timed-out", facts: { afterMs: 20 } },
    });
    await purse.isQuiet("Alice", "Bob");
  });

  test("is found again by a replay", async () => {
    const caught: unknown[] = [];
    talk.act = async (flow) => {
      const party = await flow.party("Bob");
      const session = await flow.open(askProtocol, party.id);
      await session.send("question", { text: "hush" });
      const failed = await session
        .receive("answer", { timeoutMs: 10 })
        .catch((error: { code: string; facts: object }) => error);
      caught.push(failed);
      await flow.external("caught", async () => ({}));
      await flow.sleep(60_000);
    };
    const id = await purse.start("Alice", "talk/do", {});
    await expect.poll(() => caught.length).toBe(1);
    await expect.poll(async () => (await alice().store.journal(id)).length).toBeGreaterThan(1);
    await alice().stop();
    await alice().restart();
    await expect.poll(() => caught.length).toBe(2);
    expect(caught[1]).toMatchObject({ code: "flow/timed-out", facts: { afterMs: 10 } });
    expect({ ...(caught[0] as object), cause: undefined }).toEqual({
      ...(caught[1] as object),
      cause: undefined,
    });
    await alice().engine.kill(id);
  });
});

describe("a sleep", () => {
  test("goes on over a restart, and is not begun again", async () => {
    const id = await purse.start("Alice", "talk/nap", { ms: 400 });
    await expect.poll(() => status("Alice", id)).toBe("WAITING");
    await alice().stop();
    await alice().restart();
    const { result } = await alice().engine.ended(id);
    const { slept } = JSON.parse(result ?? "{}") as { slept: number };
    expect(slept).toBeGreaterThanOrEqual(400);
    expect(slept).toBeLessThan(700);
  });

  test("that is over when the node comes back takes no time", async () => {
    const id = await purse.start("Alice", "talk/nap", { ms: 30 });
    alice().crash();
    const crashedAt = Date.now();
    await expect.poll(() => Date.now() - crashedAt).toBeGreaterThan(30);
    await alice().restart();
    expect(await alice().engine.ended(id)).toMatchObject({ status: "COMPLETED" });
  });
});

describe("what reaches out of the node", () => {
  test.each(["before", "after"])("has the same id after a crash %s", async (when) => {
    const crashed = new Promise<void>((resolve) => {
      nodes.onPoint = (node, point) => {
        if (node !== "Alice" || !point.includes(`external/${when}`)) return;
        nodes.onPoint = undefined;
        alice().crash();
        resolve();
      };
    });
    const first = purse.start("Alice", "talk/external", {}, "once").catch(() => undefined);
    await crashed;
    await first;
    await alice().restart();
    const id = await purse.start("Alice", "talk/external", {}, "once");
    expect(await alice().engine.ended(id)).toMatchObject({ status: "COMPLETED" });
    expect(talk.externals.length).toBeGreaterThanOrEqual(1);
    expect(new Set(talk.externals).size).toBe(1);
  });

  test("does so only once the flow is stored, so that who asks twice reaches out once", async () => {
    const asked = Array.from({ length: 5 }, () =>
      purse.start("Alice", "talk/external", {}, "five"),
    );
    const [id = ""] = await Promise.all(asked);
    await alice().engine.ended(id);
    expect(talk.externals).toHaveLength(1);
  });
});

describe("a database that is away", () => {
  beforeEach(async () => {
    await purse.issue("Alice", 1000);
  });

  test.each(["Alice", "Bob"])(
    "at %s while a payment begins: it waits, and goes on by itself",
    async (name) => {
      const { outage } = nodes.node(name);
      nodes.onPoint = (node, point) => {
        if (node !== name || !point.includes("receive/after#1")) return;
        nodes.onPoint = undefined;
        outage.isAway = true;
      };
      const id = await purse.start("Alice", "cash/pay", { to: "Bob", amount: FIFTY });
      await expect.poll(() => outage.refused).toBeGreaterThan(1);
      expect(await status("Alice", id)).not.toBe("HOSPITAL");
      outage.isAway = false;
      expect(await alice().engine.ended(id)).toMatchObject({ status: "COMPLETED" });
      await purse.isQuiet("Alice", "Bob");
      expect([await purse.coins("Alice"), await purse.coins("Bob")]).toEqual([[950], [50]]);
    },
  );

  test.each([
    ["Alice", "journal"],
    ["Alice", "transaction"],
    ["Bob", "transaction"],
  ])("at %s, and made the commit with the %s all the same", async (name, kind) => {
    const { outage } = nodes.node(name);
    outage.losesAnswer = (writes) => {
      if (!writes.some((write) => write.kind === kind)) return false;
      outage.losesAnswer = undefined;
      return true;
    };
    expect(await purse.pay("Alice", "Bob", 50)).toMatchObject({ status: "COMPLETED" });
    await expect.poll(() => purse.coins("Bob")).toEqual([50]);
    expect(await purse.coins("Alice")).toEqual([950]);
    expect(outage.refused).toBe(1);
    await purse.isQuiet("Alice", "Bob");
  });

  test("when a flow is paused: it is paused, though its journal goes no further", async () => {
    const { outage } = alice();
    const id = await purse.start("Alice", "talk/ask", { to: "Bob", text: "hush" });
    await expect.poll(() => status("Alice", id)).toBe("WAITING");
    outage.isAway = true;
    await expect(alice().engine.pause(id)).rejects.toMatchObject({ code: "store/unavailable" });
    outage.isAway = false;
    await alice().engine.pause(id);
    expect(await alice().store.flow(id)).toMatchObject({ status: "PAUSED" });
  });
});

test("nodes that stop and start in the middle finish what was begun", async () => {
  await purse.issue("Alice", 1000);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    ids.push(await purse.start("Alice", "cash/pay", { to: "Bob", amount: FIFTY }));
    const name = i % 2 === 0 ? "Alice" : "Bob";
    await nodes.node(name).stop();
    await nodes.node(name).restart();
  }
  for (const id of ids) {
    const { status: end, error } = await alice().engine.ended(id);
    // There is one coin at a time, and the others may find it set aside.
    if (end !== "COMPLETED") expect(error).toMatchObject({ code: "vault/insufficient" });
  }
  await purse.isQuiet("Alice", "Bob");
  const [left, paid] = [await purse.coins("Alice"), await purse.coins("Bob")];
  expect([...left, ...paid].reduce((sum, each) => sum + each, 0)).toBe(1000);
  expect(paid.length).toBeGreaterThan(0);
});

test("the outbox keeps what the peer has not made durable, and no more", async () => {
  talk.act = async (flow) => {
    if (flow.self.name.startsWith("O=Bob")) {
      await flow.external("noted", async () => ({}));
      return await flow.sleep(60_000);
    }
    const session = await flow.open(askProtocol, (await flow.party("Bob")).id);
    await session.send("question", { text: "do" });
    await session.send("thanks", {});
    return await flow.sleep(60_000);
  };
  await purse.start("Alice", "talk/do", {});
  const left = async () => (await alice().store.undelivered()).map(({ sequence }) => sequence);
  await expect.poll(left).toEqual([0, 1]);
  await expect.poll(left, { timeout: 5000 }).toEqual([1]);
});

test("waiting for a flow ends with the node", async () => {
  const id = await purse.start("Alice", "talk/nap", { ms: 60_000 });
  const ended = alice().engine.ended(id);
  await alice().stop();
  await expect(ended).resolves.toMatchObject({ id });
  await alice().restart();
});
