import { lazy, type Schema, union } from "../canonical/schema.ts";
import { ed25519Key, p256Key, type PublicKey } from "./public-key-schema.ts";
import { isSatisfied, type ThresholdNode, thresholdRecord } from "./threshold-tree.ts";

/** A key, or a threshold over keys: what an organisation with several signers is known by. */
export type KeyTree = PublicKey | ThresholdNode<KeyTree>;

export const keyTreeSchema = union({
  ed25519: ed25519Key,
  p256: p256Key,
  threshold: thresholdRecord(lazy<KeyTree>((): Schema => keyTreeSchema)),
});

export function isKeyTreeSatisfied(tree: KeyTree, holds: (key: PublicKey) => boolean): boolean {
  return isSatisfied<PublicKey>(tree as PublicKey, holds);
}
