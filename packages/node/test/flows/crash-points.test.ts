import { afterEach, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";

let nodes: MemoryNodes | undefined;

afterEach(async () => {
  await nodes?.stop();
  nodes = undefined;
});

const francs = (minorUnits: number) => ({ minorUnits: String(minorUnits), currency: "CHF" });

async function funded(): Promise<MemoryNodes> {
  const made = await MemoryNodes.start("Bank", "Alice", "Bob");
  const { engine } = made.node("Bank");
  const input = { to: "Alice", amount: francs(1000) };
  const { id } = await engine.start({ flow: "cash/issue", input, startedBy: "test" });
  expect(await engine.ended(id)).toMatchObject({ status: "COMPLETED" });
  return made;
}

async function pay(made: MemoryNodes) {
  const { engine } = made.node("Alice");
  const input = { to: "Bob", amount: francs(300) };
  const request = { flow: "cash/pay", input, clientId: "payment-1", startedBy: "test" };
  return await engine.ended((await engine.start(request)).id);
}

async function coins(made: MemoryNodes, name: string): Promise<number[]> {
  const { store } = made.node(name);
  const { items } = await store.query({ contract: "cash", type: "cash", isOurs: true, limit: 500 });
  return items.map(({ state }) => Number((state.amount as { minorUnits: string }).minorUnits));
}

const passed = await (async () => {
  const made = await funded();
  made.points.length = 0;
  await pay(made);
  await made.stop();
  return made.points;
})();

test("a payment passes points on both sides", () => {
  expect(passed.filter((point) => point.startsWith("Alice:")).length).toBeGreaterThan(10);
  expect(passed.filter((point) => point.startsWith("Bob:")).length).toBeGreaterThan(5);
});

test.each(passed)("killed at %s", async (where) => {
  const made = await funded();
  nodes = made;
  const [victim = "", point] = where.split(":");
  const killed = new Promise<void>((resolve) => {
    made.onPoint = (node, at) => {
      if (node !== victim || at !== point) return;
      made.onPoint = undefined;
      made.node(victim).crash();
      resolve();
    };
  });
  const first = pay(made).catch(() => undefined);
  await killed;
  await made.node(victim).restart();
  if (victim === "Bob") await first;
  expect(await pay(made)).toMatchObject({ status: "COMPLETED" });
  await expect.poll(() => coins(made, "Bob"), { timeout: 20_000 }).toEqual([300]);
  expect(await coins(made, "Alice")).toEqual([700]);
  const store = made.node("Alice").store;
  await expect.poll(() => store.undelivered(), { timeout: 10_000 }).toEqual([]);
  expect(await store.unfinished()).toEqual([]);
  expect(await made.node("Bob").store.unfinished()).toEqual([]);
});
