import { formatStateRef, type TransactionId } from "@stateset/ledger";
import { expect, test } from "vitest";
import type { CoinClaim, StateTable } from "../ports/vault.ts";
import { CoinPool, SetAside } from "./coin-pool.ts";

const table: StateTable = {
  contract: "cash",
  type: "cash",
  version: 1,
  columns: [
    { name: "units", type: "integer", path: "units" },
    { name: "currency", type: "text", path: "currency" },
  ],
  participants: [],
  fungible: { quantity: "units", kind: ["currency"] },
};
const kind = '["CHF"]';
const claim: CoinClaim = {
  contract: "cash",
  type: "cash",
  flowId: "ann",
  quantity: 1n,
  where: { currency: "CHF" },
  statesMax: 10,
};

function poolOf(quantities: readonly bigint[]): { pool: CoinPool; setAside: SetAside } {
  const setAside = new SetAside();
  const pool = new CoinPool(table, setAside);
  for (const [index, quantity] of quantities.entries()) {
    pool.add({ ref: { txId: "aa" as TransactionId, index }, kind, quantity });
  }
  return { pool, setAside };
}

test("a coin that is set aside before it is known is not free", () => {
  const { pool, setAside } = poolOf([]);
  setAside.add("ben", "aa:0");
  pool.add({ ref: { txId: "aa" as TransactionId, index: 0 }, kind, quantity: 5n });
  expect(pool.claim(kind, claim)).toBeUndefined();
  expect(pool.holdings(kind, 10)).toMatchObject({ available: 0n, setAside: 5n });
  for (const key of setAside.release("ben")) pool.giveBack(key);
  expect(pool.claim(kind, claim)?.map(formatStateRef)).toEqual(["aa:0"]);
});

test("giving back twice, or what is gone, gives once or nothing", () => {
  const { pool, setAside } = poolOf([5n, 5n, 6n]);
  pool.claim(kind, { ...claim, quantity: 16n });
  pool.remove("aa:1");
  for (const key of setAside.release("ann")) {
    pool.giveBack(key);
    pool.giveBack(key);
  }
  expect(pool.holdings(kind, 10)).toEqual({ available: 11n, setAside: 0n, largest: 11n, coins: 2 });
});

test("a flow that takes over what another had keeps it when that one ends", () => {
  const { pool, setAside } = poolOf([5n]);
  pool.claim(kind, claim);
  setAside.add("ben", "aa:0");
  expect(setAside.release("ann")).toEqual([]);
  expect(setAside.flowOf("aa:0")).toBe("ben");
});

test("the smallest are forgotten first, and none that is set aside", () => {
  const { pool, setAside } = poolOf([1n, 2n, 3n, 4n]);
  pool.claim(kind, claim);
  expect(pool.forgetSmallest(kind, 3)).toBeUndefined();
  expect(pool.forgetSmallest(kind, 1)?.quantity).toBe(4n);
  expect(pool.holdings(kind, 10)).toMatchObject({ available: 4n, setAside: 1n });
  for (const key of setAside.release("ann")) pool.giveBack(key);
  expect(pool.holdings(kind, 10)).toMatchObject({ available: 5n, setAside: 0n });
});

test("kinds are found by the values of their columns", () => {
  const { pool } = poolOf([5n]);
  expect(pool.kindsFor(claim)).toEqual([kind]);
  expect(pool.kindsFor({ ...claim, where: {} })).toEqual([kind]);
  expect(pool.kindsFor({ ...claim, where: { currency: "EUR" } })).toEqual([]);
  expect(() => pool.kindsFor({ ...claim, where: { toString: "x" } })).toThrow("vault/bad-query");
});
