import { expect, test } from "vitest";
import { decode, encode } from "../canonical/schema-codec.ts";
import type { Hash } from "../merkle/tagged-hash.ts";
import { type KeyTree, keyTreeSchema } from "./key-tree.ts";
import { keyId, type PublicKey } from "./public-key-schema.ts";
import {
  compositeSignature,
  publicKeyOf,
  type SecretKey,
  type Signature,
  type SignaturePayload,
  type SignaturePurpose,
  sign,
  signatureSchema,
  signingKeys,
  verifySignature,
} from "./signature.ts";
import { type ThresholdNode, thresholdOf } from "./threshold-tree.ts";

const secretOf = (kind: SecretKey["kind"], fill: number): SecretKey => ({
  kind,
  secret: new Uint8Array(32).fill(fill),
});
const alice = secretOf("ed25519", 1);
const bob = secretOf("p256", 2);
const carol = secretOf("ed25519", 3);

const payload: SignaturePayload = {
  purpose: "transaction",
  networkId: "11".repeat(32) as Hash,
  metadata: { platformVersion: 1 },
  hash: "22".repeat(32) as Hash,
};

test.each([alice, bob])("a signature with $kind is valid over what was signed", (key) => {
  const signature = sign(key, payload);
  expect(verifySignature(signature, payload)).toBe(true);
  expect(signingKeys(signature)).toEqual([publicKeyOf(key)]);
  expect(sign(key, payload)).toEqual(signature);
  expect(decode(signatureSchema, encode(signatureSchema, signature))).toEqual(signature);
});

const purposes: SignaturePurpose[] = ["transaction-batch", "bundle", "receipt", "member-set"];

test.each<[string, SignaturePayload]>([
  ...purposes.map((purpose): [string, SignaturePayload] => [purpose, { ...payload, purpose }]),
  ["another network", { ...payload, networkId: "12".repeat(32) as Hash }],
  ["another hash", { ...payload, hash: "23".repeat(32) as Hash }],
  ["another platform version", { ...payload, metadata: { platformVersion: 2 } }],
])("a signature does not count for %s", (_, other) => {
  for (const key of [alice, bob]) expect(verifySignature(sign(key, payload), other)).toBe(false);
});

test("purpose, network and hash cannot flow into each other", () => {
  const swapped = { ...payload, networkId: payload.hash, hash: payload.networkId };
  expect(verifySignature(sign(alice, payload), swapped)).toBe(false);
});

test.each<[string, (signature: Signature) => unknown]>([
  ["another's key", (signature) => ({ ...signature, key: publicKeyOf(carol).key })],
  ["a key of the wrong length", (signature) => ({ ...signature, key: "00" })],
  ["no key", (signature) => ({ ...signature, key: "" })],
  ["a signature of the wrong length", (signature) => ({ ...signature, signature: "00" })],
  ["the other scheme", (signature) => ({ ...signature, kind: "p256" })],
])("a signature with %s is not valid, and nothing is thrown", (_, change) => {
  expect(verifySignature(change(sign(alice, payload)) as Signature, payload)).toBe(false);
});

test("the same secret has different keys in the two schemes", () => {
  const other = secretOf("p256", 1);
  expect(keyId(publicKeyOf(alice))).not.toBe(keyId(publicKeyOf(other)));
});

/** Alice with either of the others. */
const board = twoLevels();
type Composite = Extract<Signature, { kind: "composite" }>;
const composite = (...signers: SecretKey[]): Composite => {
  const signatures = signers.map((key) => sign(key, payload));
  return compositeSignature(board, signatures) as Composite;
};
const reversed = (signature: Composite): Composite => ({
  ...signature,
  signatures: signature.signatures.toReversed(),
});
const unsorted = { ...board, children: (board as ThresholdNode<KeyTree>).children.toReversed() };

test.each<[string, Signature, boolean]>([
  ["of enough", composite(alice, bob), true],
  ["of enough others", composite(alice, carol), true],
  ["of all", composite(alice, bob, carol), true],
  ["of too few", composite(alice), false],
  ["of those who do not suffice", composite(bob, carol), false],
  ["of one, counted twice", composite(alice, alice), false],
  ["with a stranger's besides", composite(alice, bob, secretOf("ed25519", 9)), false],
  ["with one twice besides", composite(alice, bob, bob), false],
  ["in another order", reversed(composite(alice, bob)), false],
  ["of a tree in another order", { ...composite(alice, bob), tree: unsorted as KeyTree }, false],
])("a composite signature %s", (_, signature, expected) => {
  expect(verifySignature(signature, payload)).toBe(expected);
  const received = decode(signatureSchema, encode(signatureSchema, signature as never));
  expect(received).toEqual(signature);
});

test("one invalid component makes a composite signature invalid", () => {
  const other = { ...payload, purpose: "receipt" } as const;
  const signatures = [sign(alice, payload), sign(bob, payload), sign(carol, other)];
  expect(verifySignature(compositeSignature(board, signatures), payload)).toBe(false);
});

test("a composite signature speaks for the keys that signed, not for those in its tree", () => {
  const speaking = signingKeys(composite(alice, bob)).map(keyId).sort();
  expect(speaking).toEqual([alice, bob].map((key) => keyId(publicKeyOf(key))).sort());
});

test("composites do not nest, and none is empty", () => {
  const nested = { kind: "composite", tree: board, signatures: [composite(alice, bob)] };
  const empty = { kind: "composite", tree: board, signatures: [] };
  for (const refused of [nested, empty])
    expect(() => encode(signatureSchema, refused as never)).toThrow(/codec\//);
});

function twoLevels(): KeyTree {
  const leaf = (key: SecretKey): { weight: number; node: KeyTree } => ({
    weight: 1,
    node: publicKeyOf(key) satisfies PublicKey,
  });
  const others = thresholdOf<KeyTree>(keyTreeSchema, 1, [leaf(bob), leaf(carol)]);
  return thresholdOf<KeyTree>(keyTreeSchema, 2, [leaf(alice), { weight: 1, node: others }]);
}
