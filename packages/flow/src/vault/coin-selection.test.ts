import type { TransactionId } from "@stateset/ledger";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Coin, compareCoins, selectCoins } from "./coin-selection.ts";

function coinsOf(quantities: readonly bigint[]): Coin[] {
  return quantities
    .map((quantity, index) => ({
      ref: { txId: "aa" as TransactionId, index },
      kind: "[]",
      quantity,
    }))
    .sort(compareCoins);
}

function sum(coins: readonly Coin[]): bigint {
  return coins.reduce((total, { quantity }) => total + quantity, 0n);
}

test.each<[string, number[], number, number, number[] | undefined]>([
  ["an exact coin", [5, 7, 9], 7, 4, [7]],
  ["the smallest that suffices", [5, 7, 9], 6, 4, [7]],
  ["the smallest together", [1, 2, 3, 4, 5], 6, 4, [1, 2, 3]],
  ["no more than allowed", [1, 2, 3, 4, 5], 8, 2, [4, 5]],
  ["too much", [1, 2, 3], 7, 4, undefined],
  ["too much of so few", [1, 2, 3], 6, 2, undefined],
  ["nothing there", [], 1, 4, undefined],
])("%s", (_, quantities, quantity, statesMax, expected) => {
  const chosen = selectCoins(coinsOf(quantities.map(BigInt)), BigInt(quantity), statesMax);
  expect(chosen?.map((coin) => Number(coin.quantity))).toEqual(expected);
});

test("with very many coins, some of the smallest go along", () => {
  const coins = coinsOf([...Array.from({ length: 600 }, () => 1n), 100n, 200n]);
  const quantities = (statesMax: number, quantity = 50n) =>
    selectCoins(coins, quantity, statesMax)?.map((coin) => Number(coin.quantity));
  expect(quantities(10)).toEqual([100, 1, 1]);
  expect(quantities(2)).toEqual([100, 1]);
  expect(quantities(1)).toEqual([100]);
  expect(quantities(10, 1n)).toEqual([1]);
});

test("what is chosen suffices, is allowed, and is found whenever there is such a choice", () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 1n, max: 20n }), { maxLength: 12 }),
      fc.bigInt({ min: 1n, max: 100n }),
      fc.integer({ min: 1, max: 6 }),
      (quantities, quantity, statesMax) => {
        const coins = coinsOf(quantities);
        const chosen = selectCoins(coins, quantity, statesMax);
        const isPossible = sum(coins.slice(-statesMax)) >= quantity;
        expect(chosen !== undefined).toBe(isPossible);
        if (chosen === undefined) return;
        expect(sum(chosen)).toBeGreaterThanOrEqual(quantity);
        expect(chosen.length).toBeLessThanOrEqual(statesMax);
        expect(new Set(chosen).size).toBe(chosen.length);
      },
    ),
  );
});
