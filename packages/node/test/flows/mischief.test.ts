import { formatStateRef } from "@stateset/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";
import { type How, mischiefApp } from "./mischief-app.ts";
import { Purse } from "./purse.ts";

let nodes: MemoryNodes;
let purse: Purse;

beforeEach(async () => {
  const app = mischiefApp(
    () => nodes,
    () => "Alice",
  );
  // Short, so that nobody waits long to learn that a transaction never was notarised.
  const options = { apps: [app], transactionWindowMs: 1500, notaries: 2 };
  nodes = await MemoryNodes.startWith(options, "Bank", "Alice", "Bob", "Carol");
  purse = new Purse(nodes);
  await purse.issue("Alice", 300);
});
afterEach(async () => {
  await nodes.stop();
});

async function coin(): Promise<string> {
  const [first] = await purse.states("Alice");
  return first === undefined ? "" : formatStateRef(first.ref);
}

async function pay(how: How, { to = "Bob", final = "told" } = {}) {
  return await purse.run("Alice", "mischief/pay", { to, ref: await coin(), how, final });
}

async function received(name = "Bob") {
  const { items } = await nodes.node(name).engine.list({ flow: "cash/pay", limit: 1 });
  return items[0];
}

test("a payment that is proper is taken", async () => {
  expect(await pay("properly")).toMatchObject({ status: "COMPLETED" });
  expect([await purse.coins("Alice"), await purse.coins("Bob")]).toEqual([[200], [100]]);
});

describe("a payment is refused, and nothing changes on either side", () => {
  test.each<[How, string]>([
    ["with signatures of another transaction", "tx/signature-invalid"],
    ["with another key", "tx/authority-unsatisfied"],
    ["unsigned", "tx/authority-unsatisfied"],
    ["under a bundle that nobody has", "tx/attachment-missing"],
    ["more than there is", "cash/move-conserves"],
    ["less than offered", "cash/not-as-offered"],
    ["in a window without an end", "flow/open-window"],
    ["at another notary", "tx/wrong-notary"],
  ])("%s", async (how, code) => {
    const failed = { status: "FAILED", error: { code } };
    expect(await pay(how)).toMatchObject(failed);
    expect(await received()).toMatchObject(failed);
    expect([await purse.coins("Alice"), await purse.coins("Bob")]).toEqual([[300], []]);
    await purse.isQuiet("Alice", "Bob");
    // The coin was not spent, and is no longer set aside.
    expect(await purse.pay("Alice", "Bob", 300)).toMatchObject({ status: "COMPLETED" });
  });

  test("after its window: by the notary, and the payee learns that it never was", async () => {
    const late = { code: "notary/outside-time-window" };
    expect(await pay("after its window")).toMatchObject({ status: "FAILED", error: late });
    await expect
      .poll(() => received())
      .toMatchObject({
        status: "FAILED",
        error: { code: "notary/absent" },
      });
    expect([await purse.coins("Alice"), await purse.coins("Bob")]).toEqual([[300], []]);
  });
});

describe("a payer that never tells, or lies about, that a payment is final", () => {
  test.each(["untold", "bogus"])("%s: the payee asks the notary", async (final) => {
    expect(await pay("properly", { final })).toMatchObject({ status: "COMPLETED" });
    await expect.poll(() => received()).toMatchObject({ status: "COMPLETED" });
    expect(await purse.coins("Bob")).toEqual([100]);
  });
});

test("cash of an issuer that did not sign is not taken", async () => {
  const forged = await purse.run("Alice", "mischief/issue", { to: "Bob", issuer: "Bank" });
  expect(forged).toMatchObject({
    status: "FAILED",
    error: { code: "cash/issue-signed-by-issuer" },
  });
  expect(await purse.coins("Bob")).toEqual([]);
});

test("of two payments with one coin one is made, and the other told of the conflict", async () => {
  const ref = await coin();
  const input = { how: "properly", final: "told", ref };
  const ended = await Promise.all([
    purse.run("Alice", "mischief/pay", { ...input, to: "Bob" }),
    purse.run("Alice", "mischief/pay", { ...input, to: "Carol" }),
  ]);
  const lost = ended.filter(({ status }) => status === "FAILED");
  expect(ended.filter(({ status }) => status === "COMPLETED")).toHaveLength(1);
  expect(lost).toMatchObject([
    { error: { code: "notary/conflict", facts: { consumed: [{ ref }] } } },
  ]);
  const paid = [await purse.coins("Bob"), await purse.coins("Carol")];
  expect(paid.flat()).toEqual([100]);
  expect(await purse.coins("Alice")).toEqual([200]);
  // The loser's payee holds a transaction that binds nobody, and learns so once its window is over.
  const unpaid = paid[0]?.length === 0 ? "Bob" : "Carol";
  await expect
    .poll(() => received(unpaid), { timeout: 10_000 })
    .toMatchObject({
      status: "FAILED",
      error: { code: "notary/absent" },
    });
});

test("a coin that was spent is refused to whoever spends it again later", async () => {
  const ref = await coin();
  expect(await pay("properly")).toMatchObject({ status: "COMPLETED" });
  const input = { how: "properly", final: "told", ref, to: "Carol" };
  expect(await purse.run("Alice", "mischief/pay", input)).toMatchObject({
    status: "FAILED",
    error: { code: "notary/conflict", facts: { consumed: [{ ref }] } },
  });
  expect(await purse.coins("Carol")).toEqual([]);
});
