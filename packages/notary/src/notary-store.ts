import type { Hash, Hex, Signature } from "@stateset/codec";
import type { BlockHeader, IdentityId, TransactionId } from "@stateset/ledger";

/**
 * A notary's durable memory. Only one writer makes blocks; where two try, `append` lets one of them
 * through, since heights, ids, consumed references and unique keys exist once each.
 */
export interface NotaryStore {
  /** The newest block, or undefined before the first. */
  tip(): Promise<NotaryTip | undefined>;
  /** What is known of the things asked for; what is not known is left out. */
  lookup(query: NotaryQuery): Promise<NotaryFacts>;
  /**
   * All or nothing, and durable when it resolves. Where it rejects, the block may have been written
   * or not: `tip` tells.
   */
  append(block: NotaryBlock): Promise<void>;
  block(height: number): Promise<StoredBlock | undefined>;
  close(): Promise<void>;
}

export type NotaryTip = {
  header: BlockHeader;
  /** The frontier of the history tree, this block's hash included. */
  frontier: readonly Hex[];
};

export type NotaryQuery = {
  ids: readonly TransactionId[];
  /** As `consumedKey` makes them. */
  refs: readonly Hex[];
  /** Canonical bytes of unique keys. */
  uniqueKeys: readonly Hex[];
};

export type NotaryFacts = {
  notarised: ReadonlyMap<TransactionId, NotarisedAt>;
  consumed: ReadonlyMap<Hex, TakenBy>;
  uniqueKeys: ReadonlyMap<Hex, TakenBy>;
};

/** Where a transaction was notarised. Times are of blocks, in milliseconds since 1970. */
export type NotarisedAt = { height: number; index: number; blockTime: number };

/** Who has a state or a unique key: the leaf of the transaction in its block. */
export type TakenBy = { by: Hash; at: number };

export type NotaryBlock = NotaryTip & {
  signatures: readonly Signature[];
  transactions: readonly NotarisedTransaction[];
};

export type NotarisedTransaction = {
  id: TransactionId;
  leaf: Hash;
  /** Who asked, where it is known. */
  requester?: IdentityId;
  consumed: readonly Hex[];
  uniqueKeys: readonly Hex[];
};

export type StoredBlock = {
  header: BlockHeader;
  signatures: readonly Signature[];
  /** In the order of their leaves. */
  ids: readonly TransactionId[];
};
