import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";
import { francs, Purse } from "./purse.ts";

let nodes: MemoryNodes;
let purse: Purse;

beforeEach(async () => {
  nodes = await MemoryNodes.startWith({ transactionWindowMs: 2000 }, "Bank", "Alice", "Bob");
  purse = new Purse(nodes);
  await purse.issue("Alice", 300);
});
afterEach(async () => {
  await nodes.stop();
});

const alice = () => nodes.node("Alice").engine;
const killed = { status: "KILLED", error: { code: "flow/killed" } };

/** Calls back once, when a node passes a point whose name contains what is given. */
function at(node: string, point: string, act: () => void): Promise<void> {
  return new Promise((resolve) => {
    nodes.onPoint = (name, passed) => {
      if (name !== node || !passed.includes(point)) return;
      nodes.onPoint = undefined;
      act();
      resolve();
    };
  });
}

/** A payment that Bob holds signed, and has not answered. */
async function signedAndUnanswered(): Promise<string> {
  const cut = at("Bob", "receive/after#2", () => nodes.cut("Alice", "Bob"));
  const id = await purse.start("Alice", "cash/pay", { to: "Bob", amount: francs(100) });
  await cut;
  return id;
}

describe("a kill of a flow that has signed", () => {
  test("waits until the notary can tell that it never will have it", async () => {
    const id = await signedAndUnanswered();
    const waiting = await alice().kill(id);
    expect(waiting).toMatchObject({ status: "WAITING" });
    expect(waiting.progress).toMatch(/waits/);
    // The coin may still be spent by it, and so by nothing else.
    expect(await purse.pay("Alice", "Bank", 100)).toMatchObject({
      status: "FAILED",
      error: { code: "vault/insufficient", facts: { setAside: "300" } },
    });
    nodes.mend("Alice", "Bob");
    expect(await alice().ended(id)).toMatchObject(killed);
    expect(await purse.coins("Alice")).toEqual([300]);
    expect(await purse.pay("Alice", "Bob", 100)).toMatchObject({ status: "COMPLETED" });
  });

  test("that is killed again still waits", async () => {
    const id = await signedAndUnanswered();
    await alice().kill(id);
    expect(await alice().kill(id)).toMatchObject({ status: "WAITING" });
    nodes.mend("Alice", "Bob");
    expect(await alice().ended(id)).toMatchObject(killed);
  });

  test("lets it complete where the notary has it", async () => {
    const { outage } = nodes.node("Alice");
    const away = at("Alice", "notarise/after", () => {
      outage.isAway = true;
    });
    const id = await purse.start("Alice", "cash/pay", { to: "Bob", amount: francs(100) });
    await away;
    await expect.poll(() => outage.refused).toBeGreaterThan(0);
    outage.isAway = false;
    await alice().kill(id);
    expect(await alice().ended(id)).toMatchObject({ status: "COMPLETED" });
    await expect.poll(() => purse.coins("Bob")).toEqual([100]);
    expect(await purse.coins("Alice")).toEqual([200]);
  });

  test("while the notary is away waits for it", async () => {
    const id = await signedAndUnanswered();
    nodes.cut("Alice", "Notary");
    const killing = alice().kill(id);
    nodes.mend("Alice", "Bob");
    expect((await alice().show(id))?.status).not.toBe("KILLED");
    nodes.mend("Alice", "Notary");
    await killing;
    expect(await alice().ended(id)).toMatchObject(killed);
  });
});

test("a payment that nobody answers before its window ends is never made", async () => {
  const id = await signedAndUnanswered();
  nodes.node("Alice").crash();
  await nodes.node("Alice").restart();
  const crashedAt = Date.now();
  await expect.poll(() => Date.now() - crashedAt, { timeout: 5000 }).toBeGreaterThan(2000);
  nodes.mend("Alice", "Bob");
  const late = { status: "FAILED", error: { code: "notary/outside-time-window" } };
  expect(await alice().ended(id)).toMatchObject(late);
  await purse.isQuiet("Alice", "Bob");
  expect([await purse.coins("Alice"), await purse.coins("Bob")]).toEqual([[300], []]);
  expect(await purse.pay("Alice", "Bob", 300)).toMatchObject({ status: "COMPLETED" });
});
