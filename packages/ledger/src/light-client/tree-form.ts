import { HASH_BYTES } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import type { InnerOp } from "./commitment-proof.ts";
import { ProtobufError, readVarint } from "./protobuf-reader.ts";

/** On which side of its parent a child stands. */
export type Side = "left" | "right";

/**
 * What nodes of one kind of tree look like when they are hashed. A proof says itself what stands
 * around a child; unless that can only be a node of the tree, the bytes of one thing can be passed
 * off as another's (ICS-23 before the Dragonberry advisory). Forms here are exact, which is
 * stricter than ICS-23's specs of lengths; honest proofs have no others.
 */
export type TreeForm = {
  /** @throws where the bytes before a leaf's key are not the tree's own */
  checkLeaf(prefix: Uint8Array): void;
  /** The side that the child stands on; `layer` counts from 1, above the leaf. */
  sideOf(op: InnerOp, layer: number): Side;
};

const SIMPLE_LEAF = 0;
const SIMPLE_INNER = 1;

/** CometBFT's simple tree, over the stores: 0x00 and a leaf, or 0x01 and two hashes. */
export const SIMPLE_TREE: TreeForm = {
  checkLeaf(prefix) {
    if (prefix.length !== 1 || prefix[0] !== SIMPLE_LEAF) throw unsound("a leaf's prefix");
  },
  sideOf({ prefix, suffix }) {
    if (prefix[0] !== SIMPLE_INNER) throw unsound("a node's prefix");
    return sideByLengths(prefix.length - 1, suffix.length, { before: 0, child: HASH_BYTES });
  },
};

/** What stands before each hash in an IAVL node. */
const HASH_LENGTH = HASH_BYTES;

/**
 * IAVL: height, size and version, then of a leaf key and value, of other nodes two hashes, each
 * behind its length. A leaf has height 0 and size 1.
 */
export const IAVL_TREE: TreeForm = {
  checkLeaf(prefix) {
    const { height, size, end } = readNodeHead(prefix);
    if (height !== 0 || size !== 1 || end !== prefix.length) throw unsound("a leaf's prefix");
  },
  sideOf({ prefix, suffix }, layer) {
    const { height, size, end } = readNodeHead(prefix);
    // A leaf's bytes begin with height 0: none can be taken for a node.
    if (height < layer || size <= layer) throw unsound("a node's height or size");
    const rest = prefix.subarray(end);
    const side = sideByLengths(rest.length, suffix.length, { before: 1, child: 1 + HASH_BYTES });
    const lengths = side === "left" ? [rest[0], suffix[0]] : [rest[0], rest[1 + HASH_BYTES]];
    if (lengths.some((length) => length !== HASH_LENGTH)) throw unsound("a hash's length");
    return side;
  },
};

/** Of a left child the sibling stands in the suffix, of a right one in the prefix. */
function sideByLengths(
  prefix: number,
  suffix: number,
  { before, child }: { before: number; child: number },
): Side {
  if (prefix === before && suffix === child) return "left";
  if (prefix === before + child && suffix === 0) return "right";
  throw unsound("what stands around a child");
}

/** Signed varints: zigzag, never negative here. The version says nothing, but belongs to the hash. */
function readNodeHead(prefix: Uint8Array): { height: number; size: number; end: number } {
  try {
    const height = readVarint(prefix, 0);
    const size = readVarint(prefix, height.end);
    const version = readVarint(prefix, size.end);
    for (const { value } of [height, size, version])
      if (value % 2 !== 0) throw unsound("a negative height, size or version");
    return { height: height.value / 2, size: size.value / 2, end: version.end };
  } catch (error) {
    if (error instanceof ProtobufError) throw unsound("a node's height, size or version");
    throw error;
  }
}

export function unsound(what: string): LedgerError {
  const reason = `${what} is not as in such a tree`;
  return new LedgerError({ code: "light-client/proof-unsound", reason });
}
