import { type LazySchema, list, record, type Schema, uint } from "../canonical/schema.ts";
import { encode } from "../canonical/schema-codec.ts";

/** Satisfied when the weights of its satisfied children reach the threshold. */
export interface ThresholdNode<Node> {
  kind: "threshold";
  threshold: number;
  children: { weight: number; node: Node }[];
}

const THRESHOLD_CHILDREN_MAX = 32;
const THRESHOLD_WEIGHT_MAX = 1000;
/** Deep enough for a board, its committees and their deputies; shallow enough to check at a glance. */
const THRESHOLD_DEPTH_MAX = 6;

/** What makes a tree refused. Codes are stable. */
export type ThresholdFault =
  | { code: "keys/threshold-unreachable"; threshold: number; weights: number }
  | { code: "keys/children-unsorted"; index: number }
  | { code: "keys/tree-too-deep"; max: number }
  | { code: "keys/too-many-keys"; keys: number; max: number };

export class ThresholdError extends Error {
  readonly fault: ThresholdFault;

  constructor(fault: ThresholdFault) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`);
    this.name = "ThresholdError";
    this.fault = fault;
  }

  get code(): ThresholdFault["code"] {
    return this.fault.code;
  }
}

/** The fields of a threshold node over leaves and nodes of the schema given. */
export function thresholdRecord<Node>(node: LazySchema<Node>) {
  return record({
    threshold: uint({ min: 1, max: THRESHOLD_CHILDREN_MAX * THRESHOLD_WEIGHT_MAX }),
    children: list(record({ weight: uint({ min: 1, max: THRESHOLD_WEIGHT_MAX }), node }), {
      min: 1,
      max: THRESHOLD_CHILDREN_MAX,
    }),
  });
}

type AnyNode = { kind: string };

/**
 * Refuses trees that no set of leaves satisfies, and those that are another writing of the same
 * tree: children stand in the order of their encodings, none twice.
 * @throws ThresholdError
 */
export function assertThresholdTree(schema: Schema, tree: AnyNode, depth = 0): void {
  if (!isThreshold(tree)) return;
  if (depth >= THRESHOLD_DEPTH_MAX)
    throw new ThresholdError({ code: "keys/tree-too-deep", max: THRESHOLD_DEPTH_MAX });
  const weights = tree.children.reduce((sum, child) => sum + child.weight, 0);
  if (weights < tree.threshold)
    throw new ThresholdError({
      code: "keys/threshold-unreachable",
      threshold: tree.threshold,
      weights,
    });
  const encoded = tree.children.map((child) => encode(schema, child.node as never));
  for (let i = 1; i < encoded.length; i++)
    if (compareBytes(encoded[i - 1] as Uint8Array, encoded[i] as Uint8Array) >= 0)
      throw new ThresholdError({ code: "keys/children-unsorted", index: i });
  for (const child of tree.children) assertThresholdTree(schema, child.node, depth + 1);
}

/** Whether the leaves that hold satisfy the tree. */
export function isSatisfied<Leaf extends AnyNode>(
  tree: Leaf | ThresholdNode<Leaf | ThresholdNode<never>>,
  holds: (leaf: Leaf) => boolean,
): boolean {
  if (!isThreshold(tree)) return holds(tree as Leaf);
  let weight = 0;
  for (const child of tree.children)
    if (isSatisfied(child.node as Leaf, holds)) weight += child.weight;
  return weight >= tree.threshold;
}

/** A threshold node with its children in canonical order. */
export function thresholdOf<Node extends AnyNode>(
  schema: Schema,
  threshold: number,
  children: readonly { weight: number; node: Node }[],
): ThresholdNode<Node> {
  const keyed = children.map((child) => ({ child, bytes: encode(schema, child.node as never) }));
  keyed.sort((a, b) => compareBytes(a.bytes, b.bytes));
  return { kind: "threshold", threshold, children: keyed.map(({ child }) => child) };
}

/** Lexicographic order of bytes; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function isThreshold(tree: AnyNode): tree is ThresholdNode<AnyNode> {
  return tree.kind === "threshold";
}
