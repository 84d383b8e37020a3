import type { Hex, Signature } from "@stateset/codec";
import type {
  BlockHeader,
  IdentityId,
  MemberSet,
  MemberSetChange,
  Receipt,
  TransactionId,
} from "@stateset/ledger";
import type { Verdict } from "./verdict.ts";

/**
 * The chain as its worker sees it: through its own member, which it trusts to follow the chain, and
 * which may be away. Everything may reject with a ChainError.
 */
export interface Chain {
  /** Resolves once the member has taken the requests; its `verdicts` once a block has. */
  submit(requests: readonly ChainRequest[]): Promise<Submission>;
  /** By the member's index of ids, which may be a little behind its newest block. */
  places(ids: readonly TransactionId[]): Promise<Places>;
  /** @returns undefined where the notary has no such height yet */
  block(height: number): Promise<ChainBlock | undefined>;
  /** @returns undefined where the member does not have the block, or no longer */
  blockTime(chainHeight: number): Promise<number | undefined>;
  tip(): Promise<ChainTip>;
  /** Those after an epoch, and what is decided but not in effect. */
  memberSets(afterEpoch: number): Promise<ChainMemberSets>;
  signMemberSet(epoch: number, signature: Signature): Promise<void>;
  /**
   * Calls back with new tips, not necessarily with each.
   * @returns what ends it
   */
  onBlock(listener: (tip: ChainTip) => void): () => void;
}

export type ChainRequest = {
  /** Canonical bytes of the node protocol's request. */
  shown: Uint8Array;
  /** Where the transactions that created inputs, then references, were notarised, if they were. */
  created: readonly (ChainPlace | undefined)[];
  requester?: IdentityId;
};

export type Submission = {
  /**
   * Settles within bounded time. Where it rejects it is open whether the requests were judged, or
   * will be.
   */
  verdicts: Promise<BlockVerdicts>;
};

/** One verdict for each request, in their order. */
export type BlockVerdicts = { chainHeight: number; verdicts: readonly Verdict[] };

/** The newest block of the chain, sealed or not; `height` is the notary's, 0 before its first. */
export type ChainTip = { chainHeight: number; chainTime: number; height: number };

/** One for each id, undefined where it was not notarised, and up to which block the index knows. */
export type Places = ChainTip & { places: readonly (ChainPlace | undefined)[] };

export type ChainPlace = Receipt["inBlock"] & { height: number };

/** A block of the notary: one of the chain's that notarised something. */
export type ChainBlock = {
  header: BlockHeader;
  /** In the order of their leaves. */
  ids: readonly TransactionId[];
  chainHeight: number;
};

export type ChainMemberSets = {
  changes: readonly MemberSetChange[];
  /** Signed so far by these keys. */
  pending?: { next: MemberSet; signedBy: readonly Hex[] };
};
