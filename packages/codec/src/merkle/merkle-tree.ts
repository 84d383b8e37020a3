import { taggedHashBytes } from "./tagged-hash.ts";

/**
 * Trees as RFC 6962 §2.1 shapes them: n leaves split at the largest power of two below n, nothing
 * padded. Leaves come in as hashes under a tag of their own, which takes the place of the RFC's
 * 0x00 prefix; interior nodes carry the tag `node` instead of 0x01.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot();
  let level = leaves;
  while (level.length > 1) level = levelAbove(level);
  return level[0] as Uint8Array;
}

/** The audit path of RFC 6962 §2.1.1: the siblings from the leaf at `index` up to the root. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!(index in leaves)) throw new RangeError(`no leaf ${index} among ${leaves.length}`);
  const path: Uint8Array[] = [];
  let level = leaves;
  let position = index;
  while (level.length > 1) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) path.push(sibling);
    level = levelAbove(level);
    position >>= 1;
  }
  return path;
}

/**
 * The root that a leaf and its path lead to, or undefined where the path cannot be one of a leaf
 * at `index` in a tree of `size` leaves.
 */
export function rootFromPath(
  leaf: Uint8Array,
  place: { index: number; size: number },
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  let { index, size } = place;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    return undefined;
  let node = leaf;
  let used = 0;
  while (size > 1) {
    const isLastAndOdd = index === size - 1 && size % 2 === 1;
    if (!isLastAndOdd) {
      const sibling = path[used++];
      if (sibling === undefined) return undefined;
      node = index % 2 === 1 ? nodeHash(sibling, node) : nodeHash(node, sibling);
    }
    index = Math.floor(index / 2);
    size = Math.ceil(size / 2);
  }
  return used === path.length ? node : undefined;
}

/** Pairing level by level, an odd last node carried up, gives the tree of the RFC's recursion. */
function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let i = 0; i + 1 < level.length; i += 2)
    above.push(nodeHash(level[i] as Uint8Array, level[i + 1] as Uint8Array));
  if (level.length % 2 === 1) above.push(level[level.length - 1] as Uint8Array);
  return above;
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return taggedHashBytes("node", left, right);
}

function emptyRoot(): Uint8Array {
  return taggedHashBytes("empty");
}
