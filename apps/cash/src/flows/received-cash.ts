import { FlowFailure } from "@stateset/flow/app";
import type { VerifiedTransaction } from "@stateset/ledger";
import type { CashState } from "../contract/cash-state.ts";

/**
 * Checks that a transaction does what was said: gives the holder the amount, by the one command.
 * @throws FlowFailure `cash/not-as-offered`
 */
export function received(
  { contents, outputs }: VerifiedTransaction,
  offered: { command: string; holder: CashState["owner"]; amount: CashState["amount"] },
): void {
  const { command, holder, amount } = offered;
  const [only] = contents.commands;
  if (contents.commands.length !== 1 || only?.contract !== "cash" || only.name !== command)
    throw notAsOffered(`the one command is not cash/${command}`);
  const ours = outputs
    .map(({ state }) => state as unknown as CashState)
    .filter(
      ({ owner }) => owner.blinding === holder.blinding && owner.identity === holder.identity,
    );
  const [coin] = ours;
  if (ours.length !== 1 || coin === undefined) throw notAsOffered("not one state for the holder");
  const { minorUnits, currency } = coin.amount;
  if (minorUnits !== amount.minorUnits || currency !== amount.currency)
    throw notAsOffered(
      `${minorUnits} ${currency} instead of ${amount.minorUnits} ${amount.currency}`,
    );
}

function notAsOffered(reason: string): FlowFailure {
  return new FlowFailure(
    "cash/not-as-offered",
    `the transaction is not what was offered: ${reason}`,
  );
}
