import type { FlowRecord } from "@stateset/flow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryNodes } from "./memory-nodes.ts";

let nodes: MemoryNodes;

beforeAll(async () => {
  nodes = await MemoryNodes.start("Bank", "Alice", "Bob");
});
afterAll(async () => {
  await nodes.stop();
});

async function run(name: string, flow: string, input: object): Promise<FlowRecord> {
  const { engine } = nodes.node(name);
  const { id } = await engine.start({ flow, input, startedBy: "test" });
  return await engine.ended(id);
}

const francs = (minorUnits: number) => ({ minorUnits: String(minorUnits), currency: "CHF" });

async function balance(name: string): Promise<number> {
  const { store } = nodes.node(name);
  const { items } = await store.query({ contract: "cash", type: "cash", isOurs: true, limit: 500 });
  return items.reduce(
    (sum, { state }) => sum + Number((state.amount as { minorUnits: string }).minorUnits),
    0,
  );
}

describe("cash", () => {
  test("is issued, paid and redeemed, and both sides see the same", async () => {
    const issued = await run("Bank", "cash/issue", { to: "Alice", amount: francs(1000) });
    expect(issued).toMatchObject({ status: "COMPLETED" });
    expect(await balance("Alice")).toBe(1000);
    const paid = await run("Alice", "cash/pay", { to: "Bob", amount: francs(300) });
    expect(paid).toMatchObject({ status: "COMPLETED" });
    expect([await balance("Alice"), await balance("Bob")]).toEqual([700, 300]);
    const redeemed = await run("Bob", "cash/redeem", { amount: francs(100) });
    expect(redeemed).toMatchObject({ status: "COMPLETED" });
    expect(await balance("Bob")).toBe(200);
  });

  test.each([
    ["nothing", "0", "CHF", "cash/bad-amount", "amount.minorUnits"],
    ["no currency", "5", "Fr.", "cash/bad-amount", "amount.currency"],
  ])("%s is not paid, issued or redeemed", async (_, minorUnits, currency, code, field) => {
    const input = { to: "Bob", amount: { minorUnits, currency } };
    for (const flow of ["cash/pay", "cash/issue"])
      expect(await run("Alice", flow, input)).toMatchObject({ error: { code, facts: { field } } });
    const redeemed = await run("Alice", "cash/redeem", { amount: input.amount });
    expect(redeemed).toMatchObject({ status: "FAILED", error: { code, facts: { field } } });
  });

  test("nobody pays itself, or with cash of an issuer of whose it has none", async () => {
    const amount = francs(1);
    expect(await run("Alice", "cash/pay", { to: "Alice", amount })).toMatchObject({
      error: { code: "cash/pay-to-self" },
    });
    expect(await run("Alice", "cash/pay", { to: "Bob", amount, issuer: "Bob" })).toMatchObject({
      error: { code: "vault/insufficient" },
    });
  });

  test("an overdraft is refused, and nothing changes", async () => {
    const before = await balance("Alice");
    const refused = await run("Alice", "cash/pay", { to: "Bob", amount: francs(1_000_000) });
    expect(refused).toMatchObject({ status: "FAILED", error: { code: "vault/insufficient" } });
    expect(await balance("Alice")).toBe(before);
  });
});
