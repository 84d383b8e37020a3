import {
  assertThresholdTree,
  encode,
  HASH_BYTES,
  hex,
  isKeyTreeSatisfied,
  isSatisfied,
  type KeyTree,
  keyId,
  lazy,
  type PublicKey,
  publicKeySchema,
  record,
  type Schema,
  type ThresholdNode,
  thresholdOf,
  thresholdRecord,
  toHex,
  uint,
  union,
} from "@stateset/codec";
import { RECOVERY_DELAY_MS } from "./party/holder-consent.ts";
import type { Holder } from "./party/holder-schema.ts";
import { type IdentityCommitment, identityCommitment } from "./party/party.ts";
import type { IdentityId } from "./party/party-schema.ts";

/**
 * Who may spend a state, as its header shows it: a threshold tree over keys, committed identities,
 * and authorities that begin to count some time after the state was created.
 */
export type Authority = AuthorityLeaf | ThresholdNode<Authority>;
type AuthorityLeaf =
  | { kind: "key"; key: PublicKey }
  | { kind: "identity"; commitment: IdentityCommitment }
  | { kind: "after"; delayMs: number; authority: Authority };

const nested = lazy<Authority>((): Schema => authoritySchema);
export const authoritySchema = union({
  key: record({ key: publicKeySchema }),
  identity: record({ commitment: hex<IdentityCommitment>({ length: HASH_BYTES }) }),
  after: record({ delayMs: uint(), authority: nested }),
  threshold: thresholdRecord(nested),
});

/** What a spender shows, and what the checker knows, when an authority is judged. */
export type AuthorityEvidence = {
  /** The keys with a valid signature over the transaction. */
  signed: ReadonlySet<string>;
  /** The identities behind commitments, as the spender opened them. */
  openings: readonly { identity: IdentityId; blinding: string }[];
  /** The key that counts for an identity at the deciding block, by the network map. */
  identityKey: (identity: IdentityId) => KeyTree | undefined;
  /** Milliseconds from the state's creation to the deciding block; a lower bound will do. */
  ageMs: number;
};

export function isAuthoritySatisfied(authority: Authority, evidence: AuthorityEvidence): boolean {
  const opened = new Map(
    evidence.openings.map((o) => [identityCommitment(o.identity, o.blinding), o.identity]),
  );
  const holds = (leaf: AuthorityLeaf): boolean => {
    switch (leaf.kind) {
      case "key":
        return evidence.signed.has(keyId(leaf.key));
      case "identity": {
        const identity = opened.get(leaf.commitment);
        const key = identity === undefined ? undefined : evidence.identityKey(identity);
        return key !== undefined && isKeyTreeSatisfied(key, (k) => evidence.signed.has(keyId(k)));
      }
      case "after":
        return evidence.ageMs >= leaf.delayMs && satisfied(leaf.authority);
    }
  };
  const satisfied = (node: Authority): boolean =>
    isSatisfied<AuthorityLeaf>(node as AuthorityLeaf, holds);
  return satisfied(authority);
}

/**
 * Why an authority must not stand in a header, or undefined. Besides a malformed tree, one that
 * cannot be satisfied without a bare key is refused: with that key lost, so would be the state.
 */
export function authorityFault(authority: Authority): string | undefined {
  try {
    assertTrees(authority);
  } catch (error) {
    return (error as Error).message;
  }
  return isRecoverable(authority) ? undefined : "only bare keys can satisfy it";
}

function assertTrees(authority: Authority): void {
  assertThresholdTree(authoritySchema, authority);
  visit(authority, (node) => {
    if (node.kind === "after") assertTrees(node.authority);
  });
}

function isRecoverable(authority: Authority): boolean {
  return isSatisfied<AuthorityLeaf>(authority as AuthorityLeaf, (leaf) =>
    leaf.kind === "after" ? isRecoverable(leaf.authority) : leaf.kind === "identity",
  );
}

function visit(node: Authority, see: (node: Authority) => void): void {
  see(node);
  if (node.kind === "threshold") for (const child of node.children) visit(child.node, see);
}

/** The authority of a state that one holder may spend. */
export function holderAuthority(holder: Holder): Authority {
  const commitment = identityCommitment(holder.identity, holder.blinding);
  const identity: Authority = { kind: "identity", commitment };
  if (holder.key === undefined) return identity;
  const delayMs = holder.recoveryDelayMs ?? RECOVERY_DELAY_MS;
  return thresholdOf<Authority>(authoritySchema, 1, [
    { weight: 1, node: { kind: "key", key: holder.key } },
    { weight: 1, node: { kind: "after", delayMs, authority: identity } },
  ]);
}

/** An authority's canonical bytes as hexadecimal text: equal text, equal authority. */
export function authorityText(authority: Authority): string {
  return toHex(encode(authoritySchema, authority as never));
}
