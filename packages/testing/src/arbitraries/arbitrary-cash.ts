import type { Holder, Party } from "@stateset/ledger";
import fc from "fast-check";
import type { TestParty } from "../test-party.ts";

/** As `cash` states are, by their fields. */
export type ArbitraryCash = {
  issuer: Party;
  owner: Holder;
  amount: { minorUnits: bigint; currency: string };
};

/** A coin of one of the issuers and currencies, held by one of the owners, of at least 1. */
export function arbitraryCash(of: {
  issuers: readonly TestParty[];
  owners: readonly TestParty[];
  currencies: readonly string[];
  minorUnitsMax?: bigint;
}): fc.Arbitrary<ArbitraryCash> {
  const { issuers, owners, currencies, minorUnitsMax = 10n ** 12n } = of;
  return fc
    .record({
      issuer: fc.constantFrom(...issuers),
      owner: fc.constantFrom(...owners),
      oneTimeKey: fc.boolean(),
      minorUnits: fc.bigInt({ min: 1n, max: minorUnitsMax }),
      currency: fc.constantFrom(...currencies),
    })
    .map(({ issuer, owner, oneTimeKey, ...amount }) => ({
      issuer: issuer.party,
      owner: owner.holder({ oneTimeKey }),
      amount,
    }));
}
