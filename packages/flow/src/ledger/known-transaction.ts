import {
  type BundleHash,
  type Components,
  decodeSignedTransaction,
  type Header,
  type Output,
  openGroup,
  type ResolvedState,
  type Transaction,
  type TransactionId,
  tearOff,
} from "@stateset/ledger";

/** A verified, notarised transaction as the checks of later ones need it, and no more of it. */
export type KnownTransaction = {
  id: TransactionId;
  /** Only the headers are listed: what a notary is shown of them is proven from it. */
  shown: Transaction;
  outputs: readonly Output[];
  headers: readonly Header[];
  /** The bundle that governs each of its contracts. */
  bundles: ReadonlyMap<string, BundleHash>;
  notarisedAt: number;
};

/** Those of a transaction's groups that later transactions are checked by. */
type KnownContents = {
  [G in "outputs" | "headers" | "attachments"]: readonly Components[G][];
};

export function knownTransaction(
  id: TransactionId,
  transaction: Transaction,
  notarisedAt: number,
  contents: KnownContents = contentsOf(transaction),
): KnownTransaction {
  const { outputs, headers, attachments } = contents;
  return {
    id,
    shown: tearOff(transaction, { groups: ["headers"] }),
    outputs,
    headers,
    bundles: new Map(attachments.map(({ contract, bundle }) => [contract, bundle])),
    notarisedAt,
  };
}

function contentsOf(transaction: Transaction): KnownContents {
  return {
    outputs: openGroup(transaction, "outputs"),
    headers: openGroup(transaction, "headers"),
    attachments: openGroup(transaction, "attachments"),
  };
}

export function decodeKnown(
  id: TransactionId,
  signed: Uint8Array,
  notarisedAt: number,
): KnownTransaction {
  return knownTransaction(id, decodeSignedTransaction(signed).transaction, notarisedAt);
}

export function resolvedState(
  { outputs, headers, notarisedAt }: KnownTransaction,
  index: number,
): ResolvedState | undefined {
  const [output, header] = [outputs[index], headers[index]];
  return output && header && { output, header, createdAt: notarisedAt };
}

/** The transactions that one builds on, each once. */
export function parentsOf(transaction: Transaction): TransactionId[] {
  const all = [...openGroup(transaction, "inputs"), ...openGroup(transaction, "references")];
  return [...new Set(all.map(({ txId }) => txId))];
}
