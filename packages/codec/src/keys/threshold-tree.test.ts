import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../canonical/hex.ts";
import { decode, encode } from "../canonical/schema-codec.ts";
import { isKeyTreeSatisfied, type KeyTree, keyTreeSchema } from "./key-tree.ts";
import { keyId, type PublicKey } from "./public-key-schema.ts";
import {
  assertThresholdTree,
  compareBytes,
  ThresholdError,
  type ThresholdFault,
  thresholdOf,
} from "./threshold-tree.ts";

const keys = Array.from(
  { length: 8 },
  (_, i): PublicKey => ({ kind: "ed25519", key: i.toString(16).padStart(64, "0") }),
);
const [a, b, c] = keys as [PublicKey, PublicKey, PublicKey];

const of = (threshold: number, ...children: [number, KeyTree][]): KeyTree =>
  thresholdOf<KeyTree>(
    keyTreeSchema,
    threshold,
    children.map(([weight, node]) => ({ weight, node })),
  );

/** Two of the three, or the first with a weight of two. */
const valid = of(2, [2, a], [1, b], [1, c]);

const { tree } = fc.letrec<{ tree: KeyTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<KeyTree>(...keys),
    fc
      .array(fc.tuple(fc.integer({ min: 1, max: 4 }), tie("tree")), { minLength: 1, maxLength: 4 })
      .chain((children) => {
        const weights = children.reduce((sum, [weight]) => sum + weight, 0);
        return fc.integer({ min: 1, max: weights }).map((threshold) => of(threshold, ...children));
      }),
  ),
}));

test("a tree is satisfied if and only if the satisfied children's weights reach its threshold", () => {
  const weigh = (node: KeyTree, signed: ReadonlySet<string>): boolean =>
    node.kind !== "threshold"
      ? signed.has(keyId(node))
      : node.children
          .map((child) => (weigh(child.node, signed) ? child.weight : 0))
          .reduce((sum, weight) => sum + weight, 0) >= node.threshold;
  fc.assert(
    fc.property(tree, fc.subarray(keys), (node, signers) => {
      const signed = new Set(signers.map(keyId));
      const isSatisfied = isKeyTreeSatisfied(node, (key) => signed.has(keyId(key)));
      expect(isSatisfied).toBe(weigh(node, signed));
    }),
    { numRuns: 500 },
  );
});

test("another signer never takes satisfaction away, all satisfy, and none does not", () => {
  fc.assert(
    fc.property(tree, fc.subarray(keys), fc.constantFrom(...keys), (node, signers, more) => {
      const before = isKeyTreeSatisfied(node, (key) => signers.includes(key));
      const after = isKeyTreeSatisfied(node, (key) => key === more || signers.includes(key));
      expect(after || !before).toBe(true);
      expect(isKeyTreeSatisfied(node, () => true)).toBe(true);
      expect(isKeyTreeSatisfied(node, () => false)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["the heavy one", [a], true],
  ["two light ones", [b, c], true],
  ["one light one", [b], false],
  ["nobody", [], false],
])("two of weight 2, 1, 1: %s", (_, signers: PublicKey[], expected) => {
  expect(isKeyTreeSatisfied(valid, (key) => signers.includes(key))).toBe(expected);
});

const children = (valid as { children: { weight: number; node: KeyTree }[] }).children;
const nested = (depth: number): KeyTree => (depth === 0 ? a : of(1, [1, nested(depth - 1)]));

test.each<[string, KeyTree, ThresholdFault | undefined]>([
  ["the fixture", valid, undefined],
  ["a bare key", a, undefined],
  ["six levels", nested(6), undefined],
  ["seven levels", nested(7), { code: "keys/tree-too-deep", max: 6 }],
  [
    "a threshold above all weights",
    of(5, [2, a], [1, b], [1, c]),
    { code: "keys/threshold-unreachable", threshold: 5, weights: 4 },
  ],
  [
    "children in another order",
    { kind: "threshold", threshold: 2, children: children.toReversed() },
    { code: "keys/children-unsorted", index: 1 },
  ],
  ["a child twice", of(2, [1, a], [1, a]), { code: "keys/children-unsorted", index: 1 }],
  [
    "a child twice with different weights",
    of(2, [1, a], [2, a], [1, b]),
    { code: "keys/children-unsorted", index: 1 },
  ],
  [
    "a fault further down",
    of(1, [1, a], [1, of(3, [1, b], [1, c])]),
    { code: "keys/threshold-unreachable", threshold: 3, weights: 2 },
  ],
])("%s", (_, node, expected) => {
  expect(faultOf(node)).toEqual(expected);
});

test.each([
  ["a threshold of zero", { kind: "threshold", threshold: 0, children }],
  ["no children", { kind: "threshold", threshold: 1, children: [] }],
  ["a weight of zero", { kind: "threshold", threshold: 1, children: [{ weight: 0, node: a }] }],
  [
    "too many children",
    of(1, ...keys.flatMap((k) => Array(5).fill([1, k]) as [number, KeyTree][])),
  ],
])("%s has no encoding", (_, node) => {
  expect(() => encode(keyTreeSchema, node as never)).toThrow(/codec\//);
});

test("the order given does not matter to the tree that is made", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(keys, { minLength: 1 }), (some) => {
      const made = of(1, ...some.map((key): [number, KeyTree] => [1, key]));
      expect(made).toEqual(of(1, ...some.toReversed().map((key): [number, KeyTree] => [1, key])));
      expect(faultOf(made)).toBeUndefined();
      const encoded = encode(keyTreeSchema, made as never);
      expect(decode(keyTreeSchema, encoded)).toEqual(made);
    }),
  );
});

test("bytes are compared as unsigned numbers, a prefix first", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (x, y) => {
      const byText = toHex(x) < toHex(y) ? -1 : toHex(x) > toHex(y) ? 1 : 0;
      expect(Math.sign(compareBytes(x, y))).toBe(byText);
    }),
  );
});

function faultOf(node: KeyTree): ThresholdFault | undefined {
  try {
    assertThresholdTree(keyTreeSchema, node);
  } catch (error) {
    if (error instanceof ThresholdError) return error.fault;
    throw error;
  }
  return undefined;
}
