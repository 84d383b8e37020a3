import { GROUP_NAMES, groupOf, type SignedTransaction, tearOff } from "@stateset/ledger";

/** Personal data and documents are for the parties of a transaction, not for those who check it. */
export function withoutPrivate({ transaction, signatures }: SignedTransaction): SignedTransaction {
  const group = groupOf(transaction, "private");
  if (group.kind === "closed" || group.components.length === 0) return { transaction, signatures };
  const shown = tearOff(transaction, {
    groups: GROUP_NAMES,
    hide: (name) => name === "private",
  });
  return { transaction: shown, signatures };
}
