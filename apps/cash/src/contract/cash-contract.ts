import { record } from "@stateset/codec/schema";
import { amountSchema, defineContract, holder } from "@stateset/ledger/contract";
import { type CashState, cashSchema } from "./cash-state.ts";

/**
 * Cash is issued by its issuer, moves among holders, and is redeemed by holder and issuer together.
 * Money of different issuers or currencies is never mixed.
 */
export const cashContract = defineContract({
  name: "cash",
  version: 1,
  states: { cash: { schema: cashSchema, authority: holder("owner") } },
  rules: {
    "amounts-positive": "every state holds more than nothing",
    "currency-form": "a currency is three capital letters of ISO 4217",
    "move-conserves": "of each issuer and currency, as much comes out as went in",
    "redeem-conserves": "what comes out is what went in, less what is redeemed",
  },
  commands: {
    issue: {
      data: record({}),
      creates: { cash: { min: 1, signedBy: ["issuer"] } },
      verify: (tx, rule) => checkAmounts(tx.outputs.cash, rule),
    },
    move: {
      data: record({}),
      consumes: { cash: { min: 1, signedBy: ["owner"] } },
      creates: { cash: { min: 1 } },
      verify(tx, rule) {
        checkAmounts(tx.outputs.cash, rule);
        const change = sumByKind(tx.outputs.cash, sumByKind(tx.inputs.cash, new Map(), -1n), 1n);
        for (const [kind, difference] of change)
          rule("move-conserves", difference === 0n, { kind, difference });
      },
    },
    redeem: {
      data: record({ issuer: cashSchema.fields.issuer.fields.id, amount: amountSchema }),
      consumes: { cash: { min: 1, signedBy: ["owner", "issuer"] } },
      creates: { cash: { min: 0 } },
      verify(tx, rule) {
        checkAmounts(tx.outputs.cash, rule);
        const { issuer, amount } = tx.command.data as Redemption;
        rule("amounts-positive", amount.minorUnits > 0n, { redeemed: amount.minorUnits });
        const change = sumByKind(tx.outputs.cash, sumByKind(tx.inputs.cash, new Map(), -1n), 1n);
        const redeemed = `${issuer}/${amount.currency}`;
        change.set(redeemed, (change.get(redeemed) ?? 0n) + amount.minorUnits);
        for (const [kind, difference] of change)
          rule("redeem-conserves", difference === 0n, { kind, difference });
      },
    },
  },
});

type Redemption = { issuer: string; amount: CashState["amount"] };
type Rule = (code: "amounts-positive" | "currency-form", holds: boolean, facts: Facts) => void;
type Facts = Record<string, unknown>;

function checkAmounts(states: readonly CashState[], rule: Rule): void {
  for (const { amount } of states) {
    rule("amounts-positive", amount.minorUnits > 0n, { minorUnits: amount.minorUnits });
    rule("currency-form", /^[A-Z]{3}$/.test(amount.currency), { currency: amount.currency });
  }
}

/** Adds each state's amount, times the sign, to the sum of its issuer and currency. */
function sumByKind(
  states: readonly CashState[],
  sums: Map<string, bigint>,
  sign: bigint,
): Map<string, bigint> {
  for (const { issuer, amount } of states) {
    const kind = `${issuer.id}/${amount.currency}`;
    sums.set(kind, (sums.get(kind) ?? 0n) + sign * amount.minorUnits);
  }
  return sums;
}
