import { type Hash, isKeyTreeSatisfied, type KeyTree, keyId } from "@stateset/codec";
import type { NotaryFault } from "@stateset/flow";
import {
  type Authority,
  type IdentityCommitment,
  type IdentityId,
  isAuthoritySatisfied,
  type TransactionId,
} from "@stateset/ledger";
import type { CheckedRequest, Opening, ShownState } from "./check-request.ts";
import { NotaryRefusal } from "./notary-refusal.ts";
import type { NotarisedAt, NotaryFacts, TakenBy } from "./notary-store.ts";

/** A request in a block, or one that was refused already unless it had been notarised before. */
export type BlockEntry =
  | { kind: "checked"; request: CheckedRequest }
  | { kind: "refused"; id: TransactionId; fault: NotaryFault };

export type Decision =
  /** Its place among the transactions that the block notarises. */
  | { kind: "included"; index: number }
  | { kind: "earlier"; at: NotarisedAt }
  | { kind: "refused"; fault: NotaryFault };

/** What counts for all of a block's requests. */
export type BlockSetting = {
  facts: NotaryFacts;
  /** Milliseconds since 1970, not before the block before. */
  blockTime: number;
  /** The key that counts for an identity now. */
  identityKey: (identity: IdentityId) => KeyTree | undefined;
};

/**
 * Judges the requests of one block in their order, so that of two that want the same state the
 * first has it. Nothing is written; what is included is for `append` to make true.
 */
export function decideBlock(
  entries: readonly BlockEntry[],
  setting: BlockSetting,
): { decisions: Decision[]; included: CheckedRequest[] } {
  const view = new BlockView(setting.facts, setting.blockTime);
  const decisions = entries.map((entry): Decision => {
    const id = entry.kind === "checked" ? entry.request.id : entry.id;
    const earlier = setting.facts.notarised.get(id);
    if (earlier !== undefined) return { kind: "earlier", at: earlier };
    const index = view.indexOf(id);
    if (index !== undefined) return { kind: "included", index };
    if (entry.kind === "refused") return { kind: "refused", fault: entry.fault };
    try {
      judge(entry.request, view, setting);
    } catch (error) {
      if (error instanceof NotaryRefusal) return { kind: "refused", fault: error.fault };
      throw error;
    }
    return { kind: "included", index: view.include(entry.request) };
  });
  return { decisions, included: view.included };
}

/** What was notarised before the block, and earlier in it. */
class BlockView {
  readonly included: CheckedRequest[] = [];
  readonly #facts: NotaryFacts;
  readonly #blockTime: number;
  readonly #indices = new Map<TransactionId, number>();
  readonly #consumed = new Map<string, TakenBy>();
  readonly #uniqueKeys = new Map<string, TakenBy>();

  constructor(facts: NotaryFacts, blockTime: number) {
    this.#facts = facts;
    this.#blockTime = blockTime;
  }

  indexOf(id: TransactionId): number | undefined {
    return this.#indices.get(id);
  }

  /** The block time of a transaction notarised here. */
  notarisedAt(id: TransactionId): number | undefined {
    return this.#indices.has(id) ? this.#blockTime : this.#facts.notarised.get(id)?.blockTime;
  }

  consumed(key: string): TakenBy | undefined {
    return this.#consumed.get(key) ?? this.#facts.consumed.get(key);
  }

  uniqueKey(encoded: string): TakenBy | undefined {
    return this.#uniqueKeys.get(encoded) ?? this.#facts.uniqueKeys.get(encoded);
  }

  include(request: CheckedRequest): number {
    const taken: TakenBy = { by: request.leaf, at: this.#blockTime };
    for (const { key } of request.inputs) this.#consumed.set(key, taken);
    for (const { encoded } of request.uniqueKeys) this.#uniqueKeys.set(encoded, taken);
    const index = this.included.push(request) - 1;
    this.#indices.set(request.id, index);
    return index;
  }
}

/**
 * Whatever tells of others' transactions comes after all authorities, so that who merely knows a
 * reference learns nothing of it.
 */
function judge(request: CheckedRequest, view: BlockView, setting: BlockSetting): void {
  const { inputs, references } = request;
  const createdAt = [...inputs, ...references].map((state) => creationOf(state, view));
  for (const [i, input] of inputs.entries())
    assertAuthority(input, request, setting, setting.blockTime - (createdAt[i] as number));
  assertOwnersSigned(request, setting);
  assertInTimeWindow(request, setting.blockTime);
  const consumed = [...inputs, ...references].flatMap(({ key, label: ref }) => {
    const taken = view.consumed(key);
    return taken === undefined ? [] : [{ ref, ...taken }];
  });
  if (consumed.length > 0) throw new NotaryRefusal({ kind: "notary/conflict", consumed });
  for (const { kind, value, encoded } of request.uniqueKeys) {
    const taken = view.uniqueKey(encoded);
    if (taken !== undefined)
      throw new NotaryRefusal({
        kind: "notary/unique-key-taken",
        keyKind: kind,
        value: value as Hash,
        ...taken,
      });
  }
}

function creationOf({ ref, label }: ShownState, view: BlockView): number {
  const at = view.notarisedAt(ref.txId);
  if (at !== undefined) return at;
  const reason = "the transaction was not notarised here";
  throw new NotaryRefusal({ kind: "notary/header-unproven", ref: label, reason });
}

function assertAuthority(
  { label: ref, header }: ShownState,
  { signed, openings }: CheckedRequest,
  { identityKey }: BlockSetting,
  ageMs: number,
): void {
  const authority = header.authority as Authority;
  const isSatisfied = isAuthoritySatisfied(authority, {
    signed,
    openings: openingsFor(authority, openings),
    identityKey,
    ageMs,
  });
  if (!isSatisfied) throw new NotaryRefusal({ kind: "notary/authority-unsatisfied", ref });
}

/** Each opening costs a hash, and a request may have as many as it has inputs, and more. */
function openingsFor(
  authority: Authority,
  openings: ReadonlyMap<IdentityCommitment, Opening>,
): Opening[] {
  const commitments = new Set(commitmentsOf(authority));
  return [...commitments].flatMap((commitment) => openings.get(commitment) ?? []);
}

function commitmentsOf(authority: Authority): IdentityCommitment[] {
  switch (authority.kind) {
    case "key":
      return [];
    case "identity":
      return [authority.commitment];
    case "after":
      return commitmentsOf(authority.authority);
    case "threshold":
      return authority.children.flatMap(({ node }) => commitmentsOf(node));
  }
}

function assertOwnersSigned(
  { uniqueKeys, signed }: CheckedRequest,
  { identityKey }: BlockSetting,
): void {
  for (const { kind, owner } of uniqueKeys) {
    const key = identityKey(owner);
    if (key === undefined || !isKeyTreeSatisfied(key, (each) => signed.has(keyId(each))))
      throw new NotaryRefusal({
        kind: "notary/owner-missing",
        keyKind: kind,
        owner: owner as string as Hash,
      });
  }
}

function assertInTimeWindow({ timeWindow }: CheckedRequest, blockTime: number): void {
  const { from, until } = timeWindow;
  if (blockTime < (from ?? 0) || blockTime >= (until ?? Number.POSITIVE_INFINITY))
    throw new NotaryRefusal({ kind: "notary/outside-time-window", blockTime, ...timeWindow });
}
