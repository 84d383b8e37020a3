import type { FlowContext, OwnState } from "@stateset/flow/app";
import type { CashState } from "../contract/cash-state.ts";

/** Enough for any purse that is paid from now and then; each costs a signature. */
const COINS_MAX = 32;

/** Coins of one issuer set aside for a payment, and what comes back of them. */
export type Coins = {
  states: OwnState[];
  cash: CashState[];
  issuer: CashState["issuer"];
  change: bigint;
};

export type CoinsWanted = {
  amount: CashState["amount"];
  /** Identities of issuers, tried in turn; otherwise any of whose cash there is enough. */
  issuers?: readonly string[];
};

/** @throws VaultError `vault/insufficient`, of the first issuer */
export async function claimCoins(
  flow: FlowContext,
  { amount, issuers }: CoinsWanted,
): Promise<Coins> {
  const { minorUnits, currency } = amount;
  const states = await claimOfAny(
    flow,
    minorUnits,
    issuers?.map((issuer_id) => ({ currency, issuer_id })) ?? [{ currency }],
  );
  const cash = states.map(({ state }) => state as CashState);
  const [first] = cash;
  if (first === undefined) throw new Error("a claim has at least one coin");
  const total = cash.reduce((sum, { amount: each }) => sum + each.minorUnits, 0n);
  return { states, cash, issuer: first.issuer, change: total - minorUnits };
}

async function claimOfAny(
  flow: FlowContext,
  quantity: bigint,
  kinds: readonly Record<string, string>[],
): Promise<OwnState[]> {
  let insufficient: unknown;
  for (const where of kinds)
    try {
      const of = { contract: "cash", type: "cash" };
      return await flow.claim({ ...of, quantity, where, statesMax: COINS_MAX });
    } catch (error) {
      insufficient ??= error;
    }
  throw insufficient;
}
