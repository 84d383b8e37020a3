import { type Hex, sha256, toHex, utf8 } from "@stateset/codec";
import { encodeProofOps, verifyStoreProof } from "@stateset/ledger/light-client";
import { expect, test } from "vitest";
import { refusalOf } from "./light-client-vectors.ts";

/**
 * What ICS-23's own code admits, since its specs of trees bound lengths alone: proofs here are made
 * from nothing, for trees of the test's own.
 */
const join = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((p) => [...p]));
const field = (number: number, ...parts: (Uint8Array | number[])[]) => {
  const body = join(...parts);
  return body.length === 0 ? body : join([number * 8 + 2, ...length(body.length)], body);
};
const length = (n: number) => (n < 128 ? [n] : [(n & 127) | 128, n >> 7]);
const leafOp = (prefix: number[]) => join([8, 1, 24, 1, 32, 1], field(5, prefix));
const innerOp = (prefix: Uint8Array, suffix: Uint8Array) =>
  field(4, [8, 1], field(2, prefix), field(3, suffix));
const leafOf = (prefix: number[], key: Uint8Array, value: Uint8Array) =>
  sha256(join(prefix, [key.length], key, [32], sha256(value)));
const exists = (key: Uint8Array, value: Uint8Array, prefix: number[], ...path: Uint8Array[]) =>
  join(field(1, key), field(2, value), field(3, leafOp(prefix)), ...path);

const IAVL_LEAF = [0, 2, 2];
const STORES_LEAF = [0];
const [key, value] = [utf8("key"), utf8("value")];
const storeRoot = leafOf(IAVL_LEAF, key, value);

const UNSOUND = "light-client/proof-unsound";

/** The store "notary" alone, with this root. */
const inOneStore = (root: Uint8Array, inStore: Uint8Array) => ({
  inStore,
  inStores: field(1, exists(utf8("notary"), root, STORES_LEAF)),
  appHash: leafOf(STORES_LEAF, utf8("notary"), root),
});

type Made = {
  inStore?: Uint8Array;
  storeKey?: string;
  inStores?: Uint8Array;
  appHash?: Uint8Array;
};

function refusal(made: Made, claimed: Uint8Array | undefined = value): string | undefined {
  const storeKey = made.storeKey ?? "notary";
  const inStores = field(1, exists(utf8(storeKey), storeRoot, STORES_LEAF));
  const proof = encodeProofOps([
    { type: "ics23:iavl", key, data: made.inStore ?? field(1, exists(key, value, IAVL_LEAF)) },
    { type: "ics23:simple", key: utf8(storeKey), data: made.inStores ?? inStores },
  ]);
  const appHash: Hex = toHex(made.appHash ?? leafOf(STORES_LEAF, utf8(storeKey), storeRoot));
  return refusalOf(() => verifyStoreProof({ proof, storeKey, key, value: claimed, appHash }));
}

test("the proof that the others change is sound", () => {
  expect(refusal({})).toBeUndefined();
});

test("a store whose name ends in another's, behind its length", () => {
  const name = utf8("x\u0006notary");
  const appHash = leafOf(STORES_LEAF, name, storeRoot);
  const reaching = [0, name.length, 0x78];
  expect(leafOf(reaching, utf8("notary"), storeRoot)).toEqual(appHash);
  const inStores = field(1, exists(utf8("notary"), storeRoot, reaching));
  expect(refusal({ inStores, appHash })).toBe(UNSOUND);
});

const sibling = sha256(utf8("sibling"));

test.each<[string, Uint8Array, Uint8Array, boolean]>([
  ["a right sibling", join([1]), sibling, true],
  ["a left sibling", join([1], sibling), join(), true],
  ["another prefix", join([2]), sibling, false],
  ["no sibling", join([1]), join(), false],
  ["a short left sibling", join([1], sibling.subarray(1)), join(), false],
  ["a long left sibling", join([1], sibling, [0]), join(), false],
  ["a short right sibling", join([1]), sibling.subarray(1), false],
  ["one on each side", join([1], sibling), sibling, false],
])("a node of the stores with %s", (_, prefix, suffix, isSound) => {
  const leaf = leafOf(STORES_LEAF, utf8("notary"), storeRoot);
  const path = innerOp(prefix, suffix);
  const inStores = field(1, exists(utf8("notary"), storeRoot, STORES_LEAF, path));
  const appHash = sha256(join(prefix, leaf, suffix));
  expect(refusal({ inStores, appHash })).toBe(isSound ? undefined : UNSOUND);
});

test.each([
  [[0, 2, 2], true],
  [[0, 2, 0x82, 1], true],
  [[0, 4, 2], false],
  [[2, 2, 2], false],
  [[0, 2], false],
  [[0, 2, 3], false],
  [[0, 2, 2, 0], false],
  [[0, 2, 0x82, 0], false],
])("a leaf that begins with %j", (prefix, isSound) => {
  const made = inOneStore(leafOf(prefix, key, value), field(1, exists(key, value, prefix)));
  expect(refusal(made)).toBe(isSound ? undefined : UNSOUND);
});

test("a value without bytes, which ICS-23 does not prove either", () => {
  const none = new Uint8Array();
  const made = inOneStore(leafOf(IAVL_LEAF, key, none), field(1, exists(key, none, IAVL_LEAF)));
  expect(refusal(made, none)).toBe(UNSOUND);
});

test("a store that is shown to be absent", () => {
  const neighbour = exists(utf8("a"), storeRoot, STORES_LEAF);
  const inStores = field(2, field(1, utf8("notary")), field(2, neighbour));
  expect(refusal({ inStores })).toBe("light-client/malformed");
});

test.each<[string, Uint8Array, Uint8Array, boolean]>([
  ["a right sibling", join([2, 4, 4, 32]), join([32], sha256(key)), true],
  ["a left sibling", join([2, 4, 4, 32], sha256(key), [32]), join(), true],
  ["two right siblings", join([2, 4, 4, 32]), join([32], sha256(key), [32], sha256(key)), false],
  ["one on each side", join([2, 4, 4, 32], sha256(key), [32]), join([32], sha256(key)), false],
  ["a sibling of another length", join([2, 4, 4, 32]), join([31], sha256(key)), false],
  ["a child of another length", join([2, 4, 4, 33]), join([32], sha256(key)), false],
  ["no sibling", join([2, 4, 4, 32]), join(), false],
  ["size 1", join([2, 2, 4, 32]), join([32], sha256(key)), false],
  ["a height in two bytes", join([0x82, 0, 4, 4, 32]), join([32], sha256(key)), false],
])("a node of the store with %s", (_, prefix, suffix, isSound) => {
  const inStore = field(1, exists(key, value, IAVL_LEAF, innerOp(prefix, suffix)));
  const made = inOneStore(sha256(join(prefix, storeRoot, suffix)), inStore);
  expect(refusal(made)).toBe(isSound ? undefined : UNSOUND);
});

test("an absence that names another key than the one asked for", () => {
  const nonexist = (name: string) =>
    field(2, field(1, utf8(name)), field(2, exists(utf8("a"), value, IAVL_LEAF)));
  const root = leafOf(IAVL_LEAF, utf8("a"), value);
  const { inStores, appHash } = inOneStore(root, field(1));
  const absent = (name: string) => {
    const proof = encodeProofOps([
      { type: "ics23:iavl", key, data: nonexist(name) },
      { type: "ics23:simple", key: utf8("notary"), data: inStores },
    ]);
    const claim = { proof, storeKey: "notary", key, value: undefined, appHash: toHex(appHash) };
    return refusalOf(() => verifyStoreProof(claim));
  };
  expect(absent("key")).toBeUndefined();
  expect(absent("other")).toBe("light-client/proof-mismatch");
});

test("bytes that protobuf would skip", () => {
  const sound = field(1, exists(key, value, IAVL_LEAF));
  expect(refusal({ inStore: join(sound, field(7, [1])) })).toBe("light-client/malformed");
  expect(refusal({ inStore: join(sound, sound) })).toBe("light-client/malformed");
});

test("a key that is shown to exist and not to", () => {
  const neighbour = exists(utf8("a"), value, IAVL_LEAF);
  const both = join(
    field(1, exists(key, value, IAVL_LEAF)),
    field(2, field(1, key), field(2, neighbour)),
  );
  expect(refusal({ inStore: both })).toBe("light-client/malformed");
});

test("a proof, or the name of its type, beyond its bound", () => {
  const claim = { storeKey: "notary", key, value, appHash: toHex(storeRoot) };
  const verify = (proof: Uint8Array) => () => verifyStoreProof({ ...claim, proof });
  expect(verify(new Uint8Array(2 ** 21 + 1))).toThrow("more than 2097152 bytes");
  const named = encodeProofOps([{ type: "x".repeat(2 ** 20), key, data: key }]);
  expect(verify(named)).toThrow("an unknown type of proof");
});
