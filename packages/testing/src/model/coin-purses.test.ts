import { expect, test } from "vitest";
import type { ArbitraryCash } from "../arbitraries/arbitrary-cash.ts";
import { CoinPurses } from "./coin-purses.ts";

const coin = (owner: string, issuer: string, minorUnits: bigint): ArbitraryCash =>
  ({
    ...{ issuer: { id: issuer, name: issuer }, owner: { identity: owner, blinding: "" } },
    amount: { minorUnits, currency: "EUR" },
  }) as unknown as ArbitraryCash;

const [small, large, doubtful, another] = [
  coin("ann", "bank", 3n),
  coin("ann", "bank", 10n),
  coin("ann", "other", 5n),
  coin("ben", "bank", 7n),
];
const mine = { owner: "ann", issuer: "bank", currency: "EUR" };

test("takes coins of one kind that are worth enough, and leaves them until they are replaced", () => {
  const purses = new CoinPurses([doubtful, another, small, large]);
  expect(purses.take(mine, 3n)).toEqual([small]);
  expect(purses.take(mine, 4n)).toEqual([small, large]);
  expect(() => purses.take(mine, 14n)).toThrow(RangeError);
  expect(() => purses.take({ ...mine, currency: "CHF" }, 1n)).toThrow(RangeError);
});

test("what is spent is gone, what is made is there, and the totals tell", () => {
  const purses = new CoinPurses([small, large, doubtful, another]);
  const totals = new Map([
    ["bank/EUR", 20n],
    ["other/EUR", 5n],
  ]);
  expect(purses.totals()).toEqual(totals);
  purses.replace([large], [coin("ben", "bank", 9n), coin("ann", "bank", 1n)]);
  expect(purses.totals()).toEqual(totals);
  expect(() => purses.take(mine, 5n)).toThrow(RangeError);
  purses.replace([small], []);
  expect(purses.totals().get("bank/EUR")).toBe(17n);
});
