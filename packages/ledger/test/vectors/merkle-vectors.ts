import assert from "node:assert/strict";
import { merklePath, merkleRoot, rootFromPath, taggedHashBytes, toHex } from "@stateset/codec";
import { countedBytes } from "./counted-bytes.ts";

const LARGE = 1000;

/** Leaf i of every tree: too many to write each of them out. */
function leafAt(index: number): Uint8Array {
  const place = new Uint8Array(4);
  new DataView(place.buffer).setUint32(0, index);
  return taggedHashBytes("component", place);
}

function leavesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, i) => leafAt(i));
}

export function merkleVectors() {
  const small = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((size) => tree(size, leavesOf(size).keys()));
  return {
    leaf: "leaf i is the hash under the tag component of i as four bytes, big-endian",
    trees: [...small, tree(LARGE, [0, 1, 500, 511, 512, 998, 999])],
    wrongPaths: wrongPaths(),
  };
}

function tree(size: number, indices: Iterable<number>) {
  const leaves = leavesOf(size);
  const root = merkleRoot(leaves);
  assert.deepEqual(root, rootByRecursion(leaves));
  const paths = [...indices].map((index) => {
    const path = merklePath(leaves, index);
    assert.deepEqual(rootFromPath(leaves[index] as Uint8Array, { index, size }, path), root);
    return { index, path: path.map(toHex) };
  });
  return { size, root: toHex(root), paths };
}

/** RFC 6962 §2.1 as it is written there. */
function rootByRecursion(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return taggedHashBytes("empty");
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return taggedHashBytes("node", rootByRecursion(left), rootByRecursion(right));
}

type Claim = { index: number; size: number; path: Uint8Array[]; leaf: Uint8Array };

/** Claims about the tree of 7 that are false: another root follows from them, or none. */
function wrongPaths() {
  const leaves = leavesOf(7);
  const root = merkleRoot(leaves);
  const right: Claim = { index: 4, size: 7, path: merklePath(leaves, 4), leaf: leafAt(4) };
  const last: Claim = { index: 6, size: 7, path: merklePath(leaves, 6), leaf: leafAt(6) };
  const rows: [string, Claim][] = [
    ["another leaf", { ...right, leaf: leafAt(3) }],
    ["another index", { ...right, index: 5 }],
    ["an index beyond the size", { ...right, index: 7 }],
    ["a negative index", { ...right, index: -1 }],
    ["the index of the odd last leaf", { ...right, index: 6 }],
    ["a smaller size", { ...right, size: 5 }],
    ["a larger size", { ...last, size: 8 }],
    ["no leaves", { ...right, index: 0, size: 0 }],
    ["a path too short", { ...right, path: right.path.slice(0, -1) }],
    ["a path too long", { ...right, path: [...right.path, countedBytes("sibling", 0)] }],
    ["siblings swapped", { ...right, path: right.path.toReversed() }],
    [
      "an altered sibling",
      { ...right, path: [countedBytes("sibling", 0), ...right.path.slice(1)] },
    ],
    ["an empty path", { ...right, path: [] }],
  ];
  return rows.map(([name, { index, size, path, leaf }]) => {
    const found = rootFromPath(leaf, { index, size }, path);
    assert.notDeepEqual(found, root, name);
    const leads = found === undefined ? {} : { leadsTo: toHex(found) };
    return { name, leaf: toHex(leaf), index, size, path: path.map(toHex), ...leads };
  });
}
