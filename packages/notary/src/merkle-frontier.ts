import { merkleRoot } from "@stateset/codec";

/**
 * What it takes of a tree to go on adding leaves: the roots of its complete subtrees, the largest
 * first, one for each bit of the number of leaves. The root is that of `merkleRoot` over all leaves.
 */
export class MerkleFrontier {
  readonly size: number;
  readonly roots: readonly Uint8Array[];

  private constructor(size: number, roots: readonly Uint8Array[]) {
    this.size = size;
    this.roots = roots;
  }

  static readonly empty = new MerkleFrontier(0, []);

  /** @throws RangeError where there cannot be so many roots in a tree of the size */
  static of(size: number, roots: readonly Uint8Array[]): MerkleFrontier {
    if (roots.length !== bitsSet(size))
      throw new RangeError(`${roots.length} roots are not those of ${size} leaves`);
    return new MerkleFrontier(size, roots);
  }

  append(leaf: Uint8Array): MerkleFrontier {
    const roots = [...this.roots, leaf];
    // As in adding one to a binary number: subtrees of equal size join.
    for (let size = this.size; size % 2 === 1; size = Math.floor(size / 2))
      roots.push(merkleRoot(roots.splice(-2)));
    return new MerkleFrontier(this.size + 1, roots);
  }

  root(): Uint8Array {
    const [last, ...larger] = this.roots.toReversed();
    if (last === undefined) return merkleRoot([]);
    return larger.reduce((right, left) => merkleRoot([left, right]), last);
  }
}

function bitsSet(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
