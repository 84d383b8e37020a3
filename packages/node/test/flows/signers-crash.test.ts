import { afterEach, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";
import { Purse } from "./purse.ts";
import { ThreeSigners } from "./three-signers-app.ts";

const PARTIES = ["First", "Second", "Third", "Witness"];

let nodes: MemoryNodes | undefined;

afterEach(async () => {
  await nodes?.stop();
  nodes = undefined;
});

async function started(): Promise<MemoryNodes> {
  const contractApps = [new ThreeSigners().contractApp];
  return await MemoryNodes.startWith({ contractApps }, ...PARTIES);
}

async function make(made: MemoryNodes) {
  const { engine } = made.node("First");
  const input = { second: "Second", third: "Third", witness: "Witness" };
  const request = { flow: "pact/make", input, clientId: "pact-1", startedBy: "test" };
  return await engine.ended((await engine.start(request)).id);
}

async function pacts(made: MemoryNodes, name: string): Promise<string[]> {
  const { items } = await made.node(name).store.query({ contract: "pact", type: "pact" });
  return items.map(({ state }) => String(state.linearId));
}

const passed = await (async () => {
  const made = await started();
  await make(made);
  // Nobody waits for who is only told.
  while ((await pacts(made, "Witness")).length === 0) await new Promise(setImmediate);
  await made.stop();
  return made.points;
})();

test("a transaction of three signers passes points at all of them, and at who is told", () => {
  const at = (name: string) => passed.filter((point) => point.startsWith(`${name}:`));
  expect(at("First").length).toBeGreaterThan(20);
  for (const name of ["Second", "Third"]) expect(at(name).length).toBeGreaterThan(8);
  expect(at("Witness").length).toBeGreaterThan(3);
});

test.each(passed)("killed at %s", async (where) => {
  const made = await started();
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
  const first = make(made).catch(() => undefined);
  await killed;
  await made.node(victim).restart();
  if (victim !== "First") await first;
  expect(await make(made)).toMatchObject({ status: "COMPLETED" });
  await expect.poll(() => pacts(made, "First")).toHaveLength(1);
  const same = await pacts(made, "First");
  for (const name of PARTIES) await expect.poll(() => pacts(made, name)).toEqual(same);
  await new Purse(made).isQuiet(...PARTIES);
});
