import {
  assertThresholdTree,
  compositeSignature,
  type KeyTree,
  keyTreeSchema,
  publicKeyOf,
  type SecretKey,
  type Signature,
  sign,
  thresholdOf,
} from "@stateset/codec";
import { countedKey } from "./counted-bytes.ts";
import { OTHER_PAYLOADS, PAYLOAD } from "./signature-cases.ts";

type Case = { name: string; signature: Signature };
type Simple = ReturnType<typeof sign>;

const [ada, ben, cem, dora] = ["ada", "ben", "cem", "dora"].map((name, i) =>
  countedKey(i === 1 ? "p256" : "ed25519", name),
) as [SecretKey, SecretKey, SecretKey, SecretKey];

const twoOfThree = threshold(2, [ada, ben, cem].map(leaf));
/** Ada counts double; the other two together stand in for Dora. */
const weighted = threshold(3, [
  { weight: 2, node: publicKeyOf(ada) },
  { weight: 1, node: publicKeyOf(dora) },
  { weight: 1, node: threshold(2, [ben, cem].map(leaf)) },
]);

export function acceptedComposites(): Case[] {
  return [
    { name: "two of three", signature: composite(twoOfThree, [ada, ben]) },
    { name: "all three of three", signature: composite(twoOfThree, [ada, ben, cem]) },
    { name: "a heavy and a light key", signature: composite(weighted, [ada, dora]) },
    { name: "a heavy key and a threshold below", signature: composite(weighted, [ada, ben, cem]) },
  ];
}

export function refusedComposites(): Case[] {
  const [, other] = OTHER_PAYLOADS[0] as (typeof OTHER_PAYLOADS)[number];
  const two = composite(twoOfThree, [ada, ben]);
  return [
    { name: "one of three", signature: composite(twoOfThree, [ada]) },
    { name: "two of which one is a stranger", signature: composite(twoOfThree, [ada, dora]) },
    { name: "enough, and a stranger", signature: composite(twoOfThree, [ada, ben, dora]) },
    { name: "enough, one twice", signature: composite(twoOfThree, [ada, ada, ben]) },
    {
      name: "enough, in another order",
      signature: { ...two, signatures: two.signatures.toReversed() },
    },
    { name: "half of the threshold below", signature: composite(weighted, [ada, ben]) },
    { name: "two without the heavy key", signature: composite(weighted, [dora, ben, cem]) },
    ...treeCases()
      .filter(({ code }) => code !== undefined)
      .map(({ name, tree }) => ({ name, signature: composite(tree, [ada, ben, cem]) })),
    { name: "enough, and one over something else", signature: add(two, sign(cem, other)) },
  ];
}

type TreeCase = { name: string; tree: KeyTree; code?: string };

/** Trees that decode, some of which are refused for what they say. */
export function treeCases(): TreeCase[] {
  const sorted = twoOfThree.children;
  const first = sorted[0] as (typeof sorted)[number];
  return [
    { name: "a single key", tree: publicKeyOf(ada) },
    { name: "two of three", tree: twoOfThree },
    { name: "a threshold below a threshold", tree: weighted },
    { name: "six thresholds in one another", tree: deep(6) },
    {
      name: "a threshold that no weights reach",
      tree: { ...twoOfThree, threshold: 4 },
      code: "keys/threshold-unreachable",
    },
    {
      name: "children in another order",
      tree: { ...twoOfThree, children: sorted.toReversed() },
      code: "keys/children-unsorted",
    },
    {
      name: "a child twice",
      tree: { ...twoOfThree, children: [first, ...sorted] },
      code: "keys/children-unsorted",
    },
    { name: "seven thresholds in one another", tree: deep(7), code: "keys/tree-too-deep" },
  ].map(checked);
}

function checked(row: TreeCase): TreeCase {
  let code: string | undefined;
  try {
    assertThresholdTree(keyTreeSchema, row.tree);
  } catch (error) {
    code = (error as { fault: { code: string } }).fault.code;
  }
  if (code !== row.code) throw new Error(`${row.name}: ${code}, not ${row.code}`);
  return row;
}

function leaf(key: SecretKey) {
  return { weight: 1, node: publicKeyOf(key) as KeyTree };
}

function threshold(needed: number, children: { weight: number; node: KeyTree }[]) {
  return thresholdOf<KeyTree>(keyTreeSchema, needed, children);
}

function deep(levels: number): KeyTree {
  if (levels === 0) return publicKeyOf(ada);
  return threshold(1, [{ weight: 1, node: deep(levels - 1) }]);
}

function composite(tree: KeyTree, keys: SecretKey[]): Signature & { kind: "composite" } {
  return compositeSignature(
    tree,
    keys.map((key) => sign(key, PAYLOAD)),
  ) as Signature & { kind: "composite" };
}

function add(signature: Signature & { kind: "composite" }, more: Simple): Signature {
  return compositeSignature(signature.tree, [...signature.signatures, more]);
}
