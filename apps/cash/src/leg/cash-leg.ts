import { type FlowContext, type KeyRef, spendingKey } from "@stateset/flow/app";
import type { TransactionBuilder } from "@stateset/ledger";
import { cashContract } from "../contract/cash-contract.ts";
import type { CashState } from "../contract/cash-state.ts";
import { type CoinsWanted, claimCoins } from "./coins.ts";

/**
 * The cash leg of a transaction: coins of this node in, the amount to the holder and the change out,
 * and the command that moves them. Whatever else is in the transaction happens with it or not at all.
 * @returns the keys to sign with
 * @throws VaultError `vault/insufficient`
 */
export async function addCashLeg(
  flow: FlowContext,
  builder: TransactionBuilder,
  wanted: CoinsWanted & { to: CashState["owner"] },
): Promise<KeyRef[]> {
  const { amount, to } = wanted;
  const { states, cash, issuer, change } = await claimCoins(flow, wanted);
  const governing = await flow.governing(cashContract);
  for (const { ref } of states) builder.addInput(ref, governing);
  builder.addOutput(governing, "cash", { issuer, owner: to, amount });
  if (change > 0n)
    builder.addOutput(governing, "cash", {
      issuer,
      owner: await flow.holder(),
      amount: { minorUnits: change, currency: amount.currency },
    });
  const keys = cash.map(({ owner }) => spendingKey(owner));
  const signers = keys.map(({ signer }) => signer);
  builder.addCommand(governing, "move", {}, signers);
  return keys.map(({ ref }) => ref);
}
