import { lazy, type Schema, union } from "../canonical/schema.ts";
import { ed25519Key, type PublicKey, p256Key } from "./public-key-schema.ts";
import {
  assertThresholdTree,
  isSatisfied,
  ThresholdError,
  type ThresholdNode,
  thresholdRecord,
} from "./threshold-tree.ts";

/** A key, or a threshold over keys: what an organisation with several signers is known by. */
export type KeyTree = PublicKey | ThresholdNode<KeyTree>;

/** More than any board has, and few enough to look through for every signature. */
const TREE_KEYS_MAX = 256;

export const keyTreeSchema = union({
  ed25519: ed25519Key,
  p256: p256Key,
  threshold: thresholdRecord(lazy<KeyTree>((): Schema => keyTreeSchema)),
});

/** @throws ThresholdError where the tree is too large or deep, unreachable, or not in canonical order */
export function assertKeyTree(tree: KeyTree): void {
  const keys = keysOf(tree).length;
  if (keys > TREE_KEYS_MAX)
    throw new ThresholdError({ code: "keys/too-many-keys", keys, max: TREE_KEYS_MAX });
  assertThresholdTree(keyTreeSchema, tree);
}

export function isKeyTree(tree: KeyTree): boolean {
  try {
    assertKeyTree(tree);
    return true;
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}

/** Every key in the tree. */
export function keysOf(tree: KeyTree): PublicKey[] {
  return tree.kind === "threshold" ? tree.children.flatMap(({ node }) => keysOf(node)) : [tree];
}

export function isKeyTreeSatisfied(tree: KeyTree, holds: (key: PublicKey) => boolean): boolean {
  return isSatisfied<PublicKey>(tree as PublicKey, holds);
}
