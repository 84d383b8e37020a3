import { join } from "node:path";
import { type ArbitraryCash, arbitraryCash, TestLedger } from "@stateset/testing";
import fc from "fast-check";
import { test } from "vitest";
import { cashContract } from "../src/contract/index.ts";

const ledger = await TestLedger.start({ contracts: [join(import.meta.dirname, "..")] });
const issuers = [ledger.party("Kantonsbank"), ledger.party("Volksbank")];
const owners = [ledger.party("Alice AG"), ledger.party("Bob GmbH")];
const coins = fc.array(arbitraryCash({ issuers, owners, currencies: ["CHF", "EUR"] }), {
  minLength: 1,
  maxLength: 8,
});

/** Each coin becomes two, one for either owner, where it is worth two minor units or more. */
const split = (coin: ArbitraryCash, share: bigint): ArbitraryCash[] => {
  const { minorUnits, currency } = coin.amount;
  const first = (minorUnits * share) / 100n;
  const [alice, bob] = owners.map((owner) => owner.holder({ oneTimeKey: true }));
  return [
    { ...coin, owner: alice as ArbitraryCash["owner"], amount: { minorUnits: first, currency } },
    {
      ...coin,
      owner: bob as ArbitraryCash["owner"],
      amount: { minorUnits: minorUnits - first, currency },
    },
  ].filter(({ amount }) => amount.minorUnits > 0n);
};

test("however coins are split and merged, money of each issuer and currency is conserved", async () => {
  const property = fc.asyncProperty(
    coins,
    fc.bigInt({ min: 0n, max: 100n }),
    async (from, share) => {
      const move = ledger.transaction();
      for (const coin of from) move.input(cashContract, "cash", coin);
      const to = from.flatMap((coin) => split(coin, share));
      for (const coin of to) move.output(cashContract, "cash", coin);
      move.command(cashContract, "move", {}, ...owners);
      await move.verifies();
      for (const by of [1n, -1n])
        await move
          .tweak((tx) =>
            tx.changeOutput(0, ({ amount }: ArbitraryCash) => ({
              amount: { ...amount, minorUnits: amount.minorUnits + by },
            })),
          )
          .failsWith(
            to[0]?.amount.minorUnits === 1n && by < 0n
              ? "cash/amounts-positive"
              : "cash/move-conserves",
          );
    },
  );
  await fc.assert(property, { numRuns: 60 });
});
