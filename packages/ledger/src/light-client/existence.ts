import { sha256 } from "@stateset/codec";
import type { Existence, LeafOp } from "./commitment-proof.ts";
import { joinBytes, varint } from "./protobuf-writer.ts";
import { type Side, type TreeForm, unsound } from "./tree-form.ts";

/** ICS-23's numbers for what both kinds of tree do. */
const NO_HASH = 0;
const SHA_256 = 1;
const VAR_PROTO = 1;

/** Where a proof leads, and on which side of each node it passes, from the leaf up. */
export type Ascent = { root: Uint8Array; sides: Side[] };

/**
 * The root of the tree in which the proof's key has the proof's value.
 * @throws LedgerError `light-client/proof-unsound` where a step is none of the tree's
 */
export function ascend({ key, value, leaf, path }: Existence, tree: TreeForm): Ascent {
  checkLeafOp(leaf, tree);
  // ICS-23 proves neither; a leaf without a key could not be told from its neighbours.
  if (key.length === 0 || value.length === 0) throw unsound("an empty key or value");
  let node = sha256(joinBytes(leaf.prefix, lengthAnd(key), lengthAnd(sha256(value))));
  const sides: Side[] = [];
  for (const [index, op] of path.entries()) {
    if (op.hash !== SHA_256) throw unsound("a node's hash");
    sides.push(tree.sideOf(op, index + 1));
    node = sha256(joinBytes(op.prefix, node, op.suffix));
  }
  return { root: node, sides };
}

function checkLeafOp(leaf: LeafOp, tree: TreeForm): void {
  const { hash, prehashKey, prehashValue, length, prefix } = leaf;
  const isHashed = hash === SHA_256 && prehashKey === NO_HASH && prehashValue === SHA_256;
  if (!isHashed || length !== VAR_PROTO) throw unsound("a leaf's hash");
  tree.checkLeaf(prefix);
}

function lengthAnd(bytes: Uint8Array): Uint8Array {
  return joinBytes(varint(bytes.length), bytes);
}
