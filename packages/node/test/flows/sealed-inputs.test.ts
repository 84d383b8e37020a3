import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryKeys } from "./memory-keys.ts";
import { type MemoryNode, MemoryNodes } from "./memory-nodes.ts";
import { Talk } from "./talk-app.ts";
import { Written } from "./written.ts";

const SECRET = "known to Alice and to nobody else, not even to her database";
const echo = { flow: "talk/echo", input: { text: SECRET }, clientId: "one", startedBy: "test" };
const nap = { flow: "talk/nap", input: { ms: 86_400_017 }, clientId: "nap", startedBy: "test" };
const unreadable = { code: "flow/input-unreadable" };

let nodes: MemoryNodes;
let alice: MemoryNode;
beforeEach(async () => {
  nodes = await MemoryNodes.startWith({ apps: [new Talk().app()] }, "Alice", "Bob");
  alice = nodes.node("Alice");
});
afterEach(async () => {
  await nodes.stop();
});

/** As with another key store, and as it was again. */
async function restartWithOtherKeys(): Promise<() => Promise<void>> {
  const { keys } = alice;
  await alice.stop();
  const secret = { kind: "ed25519", secret: new Uint8Array(32).fill(9) } as const;
  alice.keys = new MemoryKeys(keys.identity, secret);
  await alice.restart();
  return async () => {
    await alice.stop();
    alice.keys = keys;
    await alice.restart();
  };
}

test("an input is sealed in the store, and shown and compared in the clear", async () => {
  const written = new Written(nodes, "Alice");
  const { id } = await alice.engine.start({ ...nap, clientId: "asleep" });
  await alice.engine.start({ ...nap, waits: true });
  await alice.engine.pause((await alice.engine.start(nap)).id);
  expect(written.holds(Buffer.from("talk/nap"))).toBe(true);
  expect(written.holds(Buffer.from("86400017"))).toBe(false);
  expect((await alice.store.flow(id))?.input).toMatch(/^[A-Za-z0-9+/]{40,}=*$/);
  expect((await alice.engine.show(id))?.input).toBe(JSON.stringify(nap.input));
});

test("what is looked for would be found", () => {
  const clear = JSON.stringify({ text: SECRET });
  for (const form of [clear, Buffer.from(clear).toString("hex"), `x${btoa(btoa(clear))}`]) {
    const one = new Written();
    one.add([{ kind: "flow", record: { input: form } }]);
    expect(one.holds(Buffer.from("known to Alice"))).toBe(true);
    expect(one.holds(Buffer.from("known to Bob"))).toBe(false);
  }
});

test("a responder's input is sealed as well, and it goes on after a crash", async () => {
  const bob = nodes.node("Bob");
  const input = { to: "Bob", text: "silence", timeoutMs: 600_000 };
  await alice.engine.start({ flow: "talk/ask", input, startedBy: "test" });
  await expect.poll(async () => await bob.store.unfinished()).toHaveLength(1);
  const [stored] = await bob.store.unfinished();
  expect(stored?.record.input).not.toContain("{");
  bob.crash();
  await bob.restart();
  const shown = await bob.engine.show(stored?.record.id ?? "");
  expect(shown).toMatchObject({ status: expect.stringMatching(/RUNNING|WAITING/) });
  expect(shown?.input).toBe('{"version":1}');
});

test("a flow is run again from its input after a crash", async () => {
  const { id } = await alice.engine.start(nap);
  alice.crash();
  await alice.restart();
  await expect.poll(async () => (await alice.engine.show(id))?.status).toBe("WAITING");
  expect((await alice.engine.show(id))?.input).toBe(JSON.stringify(nap.input));
  expect(await alice.engine.start(nap)).toMatchObject({ id });
  const other = alice.engine.start({ ...nap, input: { ms: 1 } });
  await expect(other).rejects.toMatchObject({ code: "flow/client-id-taken" });
});

test("lists are without inputs, of flows that run and of those that have ended", async () => {
  await alice.engine.start(nap);
  await alice.engine.ended((await alice.engine.start(echo)).id);
  const { items } = await alice.engine.list({ limit: 10 });
  expect(items.map(({ flow, input }) => [flow, input])).toEqual([
    ["talk/echo", ""],
    ["talk/nap", ""],
  ]);
});

describe("under other keys", () => {
  test("a flow is held, can be shown, and goes on under its own", async () => {
    const { id } = await alice.engine.start(nap);
    await expect.poll(async () => (await alice.engine.show(id))?.status).toBe("WAITING");
    const restartAsBefore = await restartWithOtherKeys();
    await expect.poll(async () => (await alice.engine.show(id))?.status).toBe("HOSPITAL");
    expect(await alice.engine.show(id)).toMatchObject({
      input: "",
      error: { ...unreadable, facts: { flowId: id } },
    });
    await alice.engine.retry(id);
    expect(await alice.engine.ended(id)).toMatchObject({ status: "HOSPITAL", error: unreadable });
    await restartAsBefore();
    await alice.engine.retry(id);
    await expect.poll(async () => (await alice.engine.show(id))?.status).toBe("WAITING");
  });

  test("a flow can be killed", async () => {
    const { id } = await alice.engine.start(nap);
    await restartWithOtherKeys();
    await expect.poll(async () => (await alice.engine.show(id))?.status).toBe("HOSPITAL");
    expect(await alice.engine.kill(id)).toMatchObject({ status: "KILLED" });
  });

  test("a client id is neither given its flow nor a second one", async () => {
    await alice.engine.ended((await alice.engine.start(echo)).id);
    await restartWithOtherKeys();
    await expect(alice.engine.start(echo)).rejects.toMatchObject(unreadable);
  });

  test("a responder is held as well, and keeps nobody from starting", async () => {
    const input = { to: "Alice", text: "silence" };
    await nodes.node("Bob").engine.start({ flow: "talk/ask", input, startedBy: "test" });
    await expect.poll(async () => await alice.store.unfinished()).toHaveLength(1);
    const [stored] = await alice.store.unfinished();
    const restartAsBefore = await restartWithOtherKeys();
    const status = async () => (await alice.engine.show(stored?.record.id ?? ""))?.status;
    await expect.poll(status).toBe("HOSPITAL");
    await restartAsBefore();
    await alice.engine.retry(stored?.record.id ?? "");
    await expect.poll(status).toBe("WAITING");
  });
});

test("an input in the clear, as of a database from before, is not taken for one", async () => {
  const { id } = await alice.engine.start(nap);
  await alice.stop();
  const record = await alice.store.flow(id);
  if (record === undefined) throw new Error("the flow is not stored");
  const old = { ...record, id: randomUUID(), input: JSON.stringify(nap.input) };
  const { clientId: _, ...unnamed } = old;
  await alice.store.commit([{ kind: "flow", record: unnamed }]);
  await alice.restart();
  await expect.poll(async () => (await alice.engine.show(old.id))?.status).toBe("HOSPITAL");
  expect((await alice.engine.show(old.id))?.error).toMatchObject(unreadable);
  await expect.poll(async () => (await alice.engine.show(id))?.status).toBe("WAITING");
});
