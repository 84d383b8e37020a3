import { compareBytes } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import type { Existence, InnerOp, NonExistence } from "./commitment-proof.ts";
import { ascend } from "./existence.ts";
import type { Side, TreeForm } from "./tree-form.ts";

type Neighbour = { key: Uint8Array; path: readonly InnerOp[]; sides: Side[]; root: Uint8Array };

/**
 * The root of the tree in which the proof's key is absent: its neighbours are in the tree, the key
 * lies between them, and nothing else can, since one follows the other; at an edge one is enough.
 * @throws LedgerError `light-client/not-absent`, or `light-client/proof-unsound`
 */
export function rootWithout({ key, left, right }: NonExistence, tree: TreeForm): Uint8Array {
  const before = left && neighbour(left, tree);
  const after = right && neighbour(right, tree);
  if (before !== undefined && compareBytes(before.key, key) >= 0)
    throw notAbsent("the left neighbour's key is not less");
  if (after !== undefined && compareBytes(key, after.key) >= 0)
    throw notAbsent("the right neighbour's key is not greater");
  if (before === undefined) {
    if (after === undefined) throw notAbsent("no neighbour is shown");
    if (!isAllOn("left", after.sides)) throw notAbsent("the right neighbour is not the first key");
    return after.root;
  }
  if (after === undefined) {
    if (!isAllOn("right", before.sides)) throw notAbsent("the left neighbour is not the last key");
    return before.root;
  }
  if (compareBytes(before.root, after.root) !== 0)
    throw notAbsent("the neighbours are of different trees");
  if (!areNeighbours(before, after)) throw notAbsent("keys may stand between the neighbours");
  return before.root;
}

function neighbour(proof: Existence, tree: TreeForm): Neighbour {
  return { key: proof.key, path: proof.path, ...ascend(proof, tree) };
}

/**
 * Below the node where their ways part, the left one goes up on the right edge alone and the right
 * one on the left edge. Ways that never part are those of one key, or of a node and one beneath it.
 */
function areNeighbours(left: Neighbour, right: Neighbour): boolean {
  let [l, r] = [left.path.length - 1, right.path.length - 1];
  while (l >= 0 && r >= 0 && isSameStep(left.path[l] as InnerOp, right.path[r] as InnerOp)) {
    l--;
    r--;
  }
  return (
    left.sides[l] === "left" &&
    right.sides[r] === "right" &&
    isAllOn("right", left.sides.slice(0, l)) &&
    isAllOn("left", right.sides.slice(0, r))
  );
}

function isSameStep(a: InnerOp, b: InnerOp): boolean {
  return compareBytes(a.prefix, b.prefix) === 0 && compareBytes(a.suffix, b.suffix) === 0;
}

function isAllOn(side: Side, sides: readonly Side[]): boolean {
  return sides.every((each) => each === side);
}

function notAbsent(reason: string): LedgerError {
  return new LedgerError({ code: "light-client/not-absent", reason });
}
