import { describe, expect, test } from "vitest";
import { toHex } from "../canonical/hex.ts";
import { merklePath, merkleRoot, rootFromPath } from "./merkle-tree.ts";
import { taggedHashBytes } from "./tagged-hash.ts";

const SIZE_MAX = 40;
const sizes = Array.from({ length: SIZE_MAX + 1 }, (_, size) => size);

/** MTH of RFC 6962 §2.1, word by word: k is the largest power of two smaller than n. */
function literalRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return taggedHashBytes("empty");
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const k = split(leaves.length);
  return node(literalRoot(leaves.slice(0, k)), literalRoot(leaves.slice(k)));
}

/** PATH of RFC 6962 §2.1.1. */
function literalPath(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...literalPath(m, leaves.slice(0, k)), literalRoot(leaves.slice(k))]
    : [...literalPath(m - k, leaves.slice(k)), literalRoot(leaves.slice(0, k))];
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

describe.each(sizes)("of %i leaves", (size) => {
  const leaves = leavesOf(size);
  const root = toHex(merkleRoot(leaves));

  test("the root is the RFC's", () => {
    expect(root).toBe(toHex(literalRoot(leaves)));
  });

  test("each path is the RFC's, and leads to the root", () => {
    for (const [index, leaf] of leaves.entries()) {
      const path = merklePath(leaves, index);
      expect(path.map(toHex)).toEqual(literalPath(index, leaves).map(toHex));
      expect(leads(leaf, { index, size }, path)).toBe(root);
    }
  });

  test("a path leads to the root from its own leaf and place only", () => {
    const stranger = leaf(1000);
    for (const [index, own] of leaves.entries()) {
      const path = merklePath(leaves, index);
      expect(leads(stranger, { index, size }, path)).not.toBe(root);
      for (const other of sizes)
        if (other !== index) expect(leads(own, { index: other, size }, path)).not.toBe(root);
      expect(leads(own, { index, size }, [...path, stranger])).toBeUndefined();
      if (path.length > 0) expect(leads(own, { index, size }, path.slice(1))).toBeUndefined();
      if (path.length > 0) expect(leads(own, { index, size }, path.slice(0, -1))).toBeUndefined();
      for (const i of path.keys())
        expect(leads(own, { index, size }, path.with(i, stranger))).not.toBe(root);
    }
  });

  test("leaves one fewer, one more, in another order or one twice give another root", () => {
    const roots = new Set([root]);
    const others = [leavesOf(size + 1)];
    if (size > 0) others.push(leaves.slice(1), leaves.slice(0, -1).concat(leaf(1000)));
    if (size > 1) others.push(leaves.toReversed(), [...leaves, leaves[size - 1] as Uint8Array]);
    for (const other of others) roots.add(toHex(merkleRoot(other)));
    expect(roots.size).toBeGreaterThan(1);
    for (const other of others) expect(toHex(merkleRoot(other))).not.toBe(root);
  });
});

test.each([
  ["an index of the size", { index: 3, size: 3 }],
  ["a negative index", { index: -1, size: 3 }],
  ["a fraction", { index: 0.5, size: 3 }],
  ["no leaves", { index: 0, size: 0 }],
  ["a size beyond exact numbers", { index: 0, size: 2 ** 53 }],
  ["not a number", { index: Number.NaN, size: 3 }],
])("a place with %s leads nowhere", (_, place) => {
  expect(rootFromPath(leaf(0), place, [leaf(1), leaf(2)])).toBeUndefined();
});

test("the size is judged as far as the path can show it: another number of levels is refused", () => {
  const path = merklePath(leavesOf(8), 0);
  for (const size of [1, 2, 4, 9, 16, 2 ** 40])
    expect(rootFromPath(leaf(0), { index: 0, size }, path)).toBeUndefined();
});

test("a place in the largest tree takes a path of 53, and no longer to check", () => {
  const size = Number.MAX_SAFE_INTEGER;
  const path = Array.from({ length: 53 }, (_, i) => leaf(i));
  expect(rootFromPath(leaf(0), { index: 0, size }, path)).toBeDefined();
  expect(rootFromPath(leaf(0), { index: 0, size }, path.slice(1))).toBeUndefined();
});

test("a node cannot pass for a leaf, where leaves are hashed under a tag of their own", () => {
  const leaves = leavesOf(4);
  const inner = node(leaves[0] as Uint8Array, leaves[1] as Uint8Array);
  const asContent = taggedHashBytes("block", leaves[0] as Uint8Array, leaves[1] as Uint8Array);
  expect(toHex(inner)).not.toBe(toHex(asContent));
  const upper = [node(leaves[2] as Uint8Array, leaves[3] as Uint8Array)];
  expect(leads(asContent, { index: 0, size: 2 }, upper)).not.toBe(toHex(merkleRoot(leaves)));
});

test("there is no path to a leaf that is not there", () => {
  for (const index of [-1, 3, 0.5])
    expect(() => merklePath(leavesOf(3), index)).toThrow(RangeError);
});

function leaf(i: number): Uint8Array {
  return taggedHashBytes("block", Uint8Array.of(i >> 8, i & 255));
}

function leavesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, i) => leaf(i));
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return taggedHashBytes("node", left, right);
}

function leads(...args: Parameters<typeof rootFromPath>): string | undefined {
  const root = rootFromPath(...args);
  return root === undefined ? undefined : toHex(root);
}
