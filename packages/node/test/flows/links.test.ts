import { randomBytes } from "node:crypto";
import type { FlowRecord } from "@stateset/flow";
import { afterEach, describe, expect, test } from "vitest";
import { sessionFrames, unaskedFrames } from "./forged-frames.ts";
import { MemoryNodes } from "./memory-nodes.ts";
import { francs, Purse } from "./purse.ts";
import { Talk } from "./talk-app.ts";

let nodes = await start();
let purse = new Purse(nodes);

afterEach(async () => {
  await nodes.stop();
});

async function start(talk = new Talk(), ...names: string[]): Promise<MemoryNodes> {
  return await MemoryNodes.startWith({ apps: [talk.app()] }, "Bank", "Alice", "Bob", ...names);
}

async function network(talk = new Talk(), ...names: string[]): Promise<void> {
  nodes = await start(talk, ...names);
  purse = new Purse(nodes);
}

/** How many frames a payment takes, in both directions. */
const FRAMES = await (async () => {
  await purse.issue("Alice", 1000);
  let frames = 0;
  nodes.onFrame = () => {
    frames++;
    return true;
  };
  await purse.pay("Alice", "Bob", 300);
  await nodes.stop();
  return frames;
})();

describe("a link that is cut", () => {
  test.each(Array.from({ length: FRAMES }, (_, i) => [i + 1]))(
    "at frame %i of a payment, and mended",
    async (at) => {
      await network();
      await purse.issue("Alice", 1000);
      let frames = 0;
      const wasCut = new Promise<void>((resolve) => {
        nodes.onFrame = (node) => {
          if (node === "Bank" || ++frames !== at) return true;
          nodes.cut("Alice", "Bob");
          setImmediate(resolve);
          return false;
        };
      });
      const paid = purse.pay("Alice", "Bob", 300);
      await wasCut;
      nodes.mend("Alice", "Bob");
      expect(await paid).toMatchObject({ status: "COMPLETED" });
      await expect.poll(() => purse.coins("Bob")).toEqual([300]);
      expect(await purse.coins("Alice")).toEqual([700]);
      await purse.isQuiet("Alice", "Bob");
    },
  );

  test("again and again only makes it take longer", async () => {
    await network();
    await purse.issue("Alice", 1000);
    let frames = 0;
    nodes.onFrame = () => {
      if (++frames % 7 !== 0) return true;
      nodes.cut("Alice", "Bob");
      setImmediate(() => nodes.mend("Alice", "Bob"));
      return false;
    };
    for (let i = 0; i < 5; i++)
      expect(await purse.pay("Alice", "Bob", 100)).toMatchObject({ status: "COMPLETED" });
    await expect.poll(() => purse.coins("Bob")).toEqual([100, 100, 100, 100, 100]);
    expect(await purse.coins("Alice")).toEqual([500]);
  });

  test("to the notary makes a payment wait, and nothing else", async () => {
    await network();
    await purse.issue("Alice", 1000);
    nodes.cut("Alice", "Notary");
    const id = await purse.start("Alice", "cash/pay", { to: "Bob", amount: francs(300) });
    const { engine } = nodes.node("Alice");
    await expect
      .poll(async () => (await engine.show(id))?.progress)
      .toMatch(/waits for the notary/);
    nodes.mend("Alice", "Notary");
    expect(await engine.ended(id)).toMatchObject({ status: "COMPLETED" });
  });
});

test("three nodes pay in a circle, each with what it was paid", async () => {
  await network(new Talk(), "Carol");
  await purse.issue("Alice", 900);
  const circle = ["Alice", "Bob", "Carol", "Alice"];
  for (let i = 0; i + 1 < circle.length; i++) {
    const [from = "", to = ""] = [circle[i], circle[i + 1]];
    expect(await purse.pay(from, to, 900 - i * 100)).toMatchObject({ status: "COMPLETED" });
  }
  await purse.isQuiet("Alice", "Bob", "Carol");
  const left = await Promise.all(circle.slice(0, 3).map((name) => purse.coins(name)));
  expect(left).toEqual([[700], [100], [100]]);
});

test("many payments at once all arrive", async () => {
  await network(new Talk(), "Carol");
  for (let i = 0; i < 12; i++) await purse.issue(i % 2 === 0 ? "Alice" : "Bob", 10);
  const paid = await Promise.all([
    ...Array.from({ length: 6 }, () => purse.pay("Alice", "Bob", 10)),
    ...Array.from({ length: 6 }, () => purse.pay("Bob", "Carol", 10)),
  ]);
  expect(paid.map(({ status }) => status)).toEqual(Array(12).fill("COMPLETED"));
  await purse.isQuiet("Alice", "Bob", "Carol");
  const held = await Promise.all(["Alice", "Bob", "Carol"].map((name) => purse.coins(name)));
  expect(held.map(({ length }) => length)).toEqual([0, 6, 6]);
});

describe("a peer whose database is another one", () => {
  const responder = async (): Promise<FlowRecord | undefined> =>
    (await nodes.node("Bob").engine.list({ flow: "talk/ask", limit: 1 })).items[0];

  test("ends the sessions that it had", async () => {
    await network();
    const id = await purse.start("Alice", "talk/ask", { to: "Bob", text: "silence" });
    const { engine, store } = nodes.node("Alice");
    await expect.poll(async () => (await responder())?.status).toBe("WAITING");
    await expect.poll(() => store.undelivered()).toEqual([]);
    nodes.node("Bob").crash();
    await nodes.node("Bob").restore();
    expect(await engine.ended(id)).toMatchObject({
      status: "FAILED",
      error: { code: "flow/peer-restored" },
    });
    expect(nodes.node("Bob").engine.stats()).toMatchObject({ running: 0, sessions: 0 });
  });

  test("ends those that it began, at the other side", async () => {
    await network();
    const id = await purse.start("Alice", "talk/ask", { to: "Bob", text: "silence" });
    await expect.poll(async () => (await responder())?.status).toBe("WAITING");
    expect((await nodes.node("Alice").engine.show(id))?.status).toBe("WAITING");
    nodes.node("Alice").crash();
    await nodes.node("Alice").restore();
    await expect.poll(responder).toMatchObject({
      status: "FAILED",
      error: { code: "flow/peer-restored" },
    });
  });
});

test("a protocol that the peer does not speak is refused by name", async () => {
  await network();
  const { apps } = nodes;
  nodes.apps = apps.slice(0, 1);
  await nodes.node("Bob").stop();
  await nodes.node("Bob").restart();
  const asked = await purse.run("Alice", "talk/ask", { to: "Bob", text: "hello" });
  expect(asked).toMatchObject({ status: "FAILED", error: { code: "flow/unknown-protocol" } });
});

test("a session with oneself is refused, and one with nobody", async () => {
  await network();
  const ask = (to: string) => purse.run("Alice", "talk/ask", { to, text: "hello" });
  expect(await ask("Alice")).toMatchObject({ error: { code: "flow/session-with-self" } });
  expect(await ask("Zoe")).toMatchObject({ error: { code: "flow/unknown-party" } });
});

describe("a flood", () => {
  test("of sessions leaves room for others, and is refused beyond it", async () => {
    await network();
    const mallory = nodes.outsider("Mallory");
    const { party: bob, engine } = nodes.node("Bob");
    let refused = 0;
    await mallory.network.start({
      ...quiet,
      frame: (_, frame) => {
        if (Buffer.from(frame).includes("flow/too-many")) refused++;
      },
    });
    mallory.network.connect(bob.id);
    await expect.poll(() => mallory.network.send(bob.id, randomBytes(40))).toBe(true);
    for (const frame of sessionFrames(10_000)) await sent(mallory.network, bob.id, frame);
    await expect.poll(() => refused, { timeout: 30_000 }).toBe(10_000 - 2048);
    expect(engine.stats().running).toBe(2048);
    await purse.issue("Bob", 100);
    await purse.issue("Alice", 100);
    expect(await purse.pay("Alice", "Bob", 100)).toMatchObject({ status: "COMPLETED" });
    // What was in memory only is gone with the node's next run.
    nodes.node("Bob").crash();
    await nodes.node("Bob").restart();
    expect(nodes.node("Bob").engine.stats().running).toBe(0);
  });

  test("of garbage and of frames of the largest size is passed over", async () => {
    await network();
    const mallory = nodes.outsider("Mallory");
    const { party: bob, engine } = nodes.node("Bob");
    await mallory.network.start(quiet);
    mallory.network.connect(bob.id);
    for (let i = 0; i < 1000; i++) await sent(mallory.network, bob.id, randomBytes(100));
    for (const frame of unaskedFrames(20)) await sent(mallory.network, bob.id, frame);
    await purse.issue("Alice", 100);
    expect(await purse.pay("Alice", "Bob", 100)).toMatchObject({ status: "COMPLETED" });
    expect(engine.stats()).toMatchObject({ running: 0, sessions: 0 });
  });
});

const quiet = {
  peerUp() {},
  peerDown() {},
  drain() {},
  frame(_: unknown, __: Uint8Array) {},
  request: async () => new Uint8Array(),
};

async function sent(
  to: { send(peer: never, frame: Uint8Array): boolean },
  peer: string,
  frame: Uint8Array,
): Promise<void> {
  while (!to.send(peer as never, frame)) await new Promise(setImmediate);
}
