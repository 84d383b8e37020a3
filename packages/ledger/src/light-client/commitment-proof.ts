import { ProtobufError, readMessage } from "./protobuf-reader.ts";

/** How a leaf is hashed: numbers are those of ICS-23's `HashOp` and `LengthOp`. */
export type LeafOp = {
  hash: number;
  prehashKey: number;
  prehashValue: number;
  length: number;
  prefix: Uint8Array;
};

/** One node above: what stands before and behind the child in what is hashed. */
export type InnerOp = { hash: number; prefix: Uint8Array; suffix: Uint8Array };

/** That a key has a value: the leaf, and the nodes from it up to the root. */
export type Existence = { key: Uint8Array; value: Uint8Array; leaf: LeafOp; path: InnerOp[] };

/** That a key has none: the neighbours between which it would stand, or one at the tree's edge. */
export type NonExistence = {
  key: Uint8Array;
  left: Existence | undefined;
  right: Existence | undefined;
};

/** ICS-23's `CommitmentProof`, without batches and their compression, which stores do not send. */
export type CommitmentProof =
  | ({ kind: "exist" } & Existence)
  | ({ kind: "nonexist" } & NonExistence);

/** As in ICS-23's Go; a tree of height 128 would hold more keys than there are atoms in it. */
const DEPTH_MAX = 128;

export function decodeCommitmentProof(data: Uint8Array): CommitmentProof {
  const fields = readMessage(data, { 1: "bytes", 2: "bytes" });
  const [exist, nonexist] = [fields.bytes(1), fields.bytes(2)];
  if (exist !== undefined && nonexist === undefined)
    return { kind: "exist", ...decodeExistence(exist) };
  if (nonexist !== undefined && exist === undefined)
    return { kind: "nonexist", ...decodeNonExistence(nonexist) };
  throw new ProtobufError("a proof shows either that a key exists, or that it does not");
}

function decodeNonExistence(message: Uint8Array): NonExistence {
  const fields = readMessage(message, { 1: "bytes", 2: "bytes", 3: "bytes" });
  const [left, right] = [fields.bytes(2), fields.bytes(3)];
  return {
    key: fields.bytes(1) ?? NOTHING,
    left: left && decodeExistence(left),
    right: right && decodeExistence(right),
  };
}

function decodeExistence(message: Uint8Array): Existence {
  const kinds = { 1: "bytes", 2: "bytes", 3: "bytes", 4: "list" } as const;
  const fields = readMessage(message, kinds, DEPTH_MAX);
  return {
    key: fields.bytes(1) ?? NOTHING,
    value: fields.bytes(2) ?? NOTHING,
    leaf: decodeLeafOp(fields.bytes(3) ?? NOTHING),
    path: fields.list(4).map(decodeInnerOp),
  };
}

function decodeLeafOp(message: Uint8Array): LeafOp {
  const kinds = { 1: "uint", 2: "uint", 3: "uint", 4: "uint", 5: "bytes" } as const;
  const fields = readMessage(message, kinds);
  return {
    hash: fields.uint(1),
    prehashKey: fields.uint(2),
    prehashValue: fields.uint(3),
    length: fields.uint(4),
    prefix: fields.bytes(5) ?? NOTHING,
  };
}

function decodeInnerOp(message: Uint8Array): InnerOp {
  const fields = readMessage(message, { 1: "uint", 2: "bytes", 3: "bytes" });
  return {
    hash: fields.uint(1),
    prefix: fields.bytes(2) ?? NOTHING,
    suffix: fields.bytes(3) ?? NOTHING,
  };
}

const NOTHING = new Uint8Array();
