import type { FlowContext, OwnState } from "@stateset/flow/app";
import type { CashState } from "../contract/cash-state.ts";
import type { PaymentInput } from "./cash-input.ts";

/** Enough for any purse that is paid from now and then; each costs a signature. */
const COINS_MAX = 32;

/** Coins of one issuer set aside for a payment, and what comes back of them. */
export type Coins = {
  states: OwnState[];
  cash: CashState[];
  issuer: CashState["issuer"];
  change: bigint;
};

/** @throws VaultError `vault/insufficient`, FlowError `flow/unknown-party` */
export async function claimCoins(
  flow: FlowContext,
  { amount, issuer }: Pick<PaymentInput, "amount" | "issuer">,
): Promise<Coins> {
  const { minorUnits, currency } = amount;
  const of = issuer === undefined ? {} : { issuer_id: (await flow.party(issuer)).id };
  const states = await flow.claim({
    contract: "cash",
    type: "cash",
    quantity: minorUnits,
    where: { currency, ...of },
    statesMax: COINS_MAX,
  });
  const cash = states.map(({ state }) => state as CashState);
  const [first] = cash;
  if (first === undefined) throw new Error("a claim has at least one coin");
  const total = cash.reduce((sum, { amount: each }) => sum + each.minorUnits, 0n);
  return { states, cash, issuer: first.issuer, change: total - minorUnits };
}

/** The keys that spend the coins: each its own, or the identity's where a coin has none. */
export function spendingKeys({ cash }: Coins) {
  return cash.map(({ owner: { identity, blinding, key } }) =>
    key === undefined
      ? { ref: { kind: "identity" as const }, signer: { kind: "identity" as const, identity } }
      : { ref: { kind: "one-time" as const, blinding }, signer: { kind: "key" as const, key } },
  );
}
