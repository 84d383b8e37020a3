import { crypto } from "#crypto";
import { fromHex, toHex } from "../canonical/hex.ts";
import {
  choice,
  HASH_BYTES,
  type Hex,
  hex,
  type Infer,
  list,
  record,
  uint,
  union,
} from "../canonical/schema.ts";
import { encode } from "../canonical/schema-codec.ts";
import { taggedHashBytes } from "../merkle/tagged-hash.ts";
import { isKeyTree, isKeyTreeSatisfied, type KeyTree, keysOf, keyTreeSchema } from "./key-tree.ts";
import { keyId, type PublicKey } from "./public-key-schema.ts";
import { RecentSet } from "./recent-set.ts";
import {
  ed25519Signature,
  p256Signature,
  type SimpleSignature,
  simpleSignatureSchema,
} from "./simple-signature-schema.ts";

/** A signature made for one purpose never counts for another. */
export type SignaturePurpose = Infer<typeof purposeSchema>;
const purposeSchema = choice(
  "transaction",
  "transaction-batch",
  "bundle",
  "receipt",
  "member-set",
  "holder-key",
  "absence",
  "network-map",
);

const metadataSchema = record({
  /** The version of the software that signed, so that a fault found later can be scoped. */
  platformVersion: uint({ max: 0xffff_ffff }),
});

/** What is signed: never a bare hash, but what it is a hash of, on which network. */
export const signaturePayloadSchema = record({
  purpose: purposeSchema,
  networkId: hex({ length: HASH_BYTES }),
  metadata: metadataSchema,
  hash: hex({ length: HASH_BYTES }),
});
export type SignaturePayload = Infer<typeof signaturePayloadSchema>;

const COMPONENT_SIGNATURES_MAX = 32;

/** A closed list of kinds that only grows; an attestation quote will be one more. */
export const signatureSchema = union({
  ed25519: ed25519Signature,
  p256: p256Signature,
  composite: record({
    tree: keyTreeSchema,
    signatures: list(simpleSignatureSchema, { min: 1, max: COMPONENT_SIGNATURES_MAX }),
  }),
});
export type Signature = Infer<typeof signatureSchema>;

/** A secret key held in memory; keys in files and HSMs sign behind a port of their own. */
export type SecretKey = { kind: PublicKey["kind"]; secret: Uint8Array };

export const SECRET_KEY_BYTES = 32;

export function publicKeyOf(key: SecretKey): PublicKey {
  return { kind: key.kind, key: toHex(crypto[key.kind].publicKey(key.secret)) as Hex };
}

export function sign(key: SecretKey, payload: SignaturePayload): SimpleSignature {
  const message = signedBytes(payload);
  const signature = crypto[key.kind].sign(key.secret, message);
  const signed = { ...publicKeyOf(key), signature: toHex(signature) };
  foundValid.add(memoOf(signed, message));
  return signed;
}

/** The signature of a threshold key, of those that some of its keys made. */
export function compositeSignature(
  tree: KeyTree,
  signatures: readonly SimpleSignature[],
): Signature {
  return { kind: "composite", tree, signatures: inKeyOrder(signatures) };
}

/** The one order in which signatures of several keys are written. */
export function inKeyOrder(signatures: readonly SimpleSignature[]): SimpleSignature[] {
  return signatures.toSorted((a, b) => (keyId(a) < keyId(b) ? -1 : 1));
}

/**
 * Whether signatures, if they are valid, speak for a key: those of enough of its keys, written the
 * one way there is, in the order of keys, none twice and none from outside.
 */
export function speakFor(tree: KeyTree, signatures: readonly SimpleSignature[]): boolean {
  const signed = signatures.map(keyId);
  const members = new Set(keysOf(tree).map(keyId));
  const isCanonical = signed.every(
    (id, i) => members.has(id) && (i === 0 || (signed[i - 1] as string) < id),
  );
  return isCanonical && isKeyTreeSatisfied(tree, (key) => signed.includes(keyId(key)));
}

/**
 * Whether the signature is a valid one over the payload. Says nothing about whose key it is.
 * Malformed keys and signatures are not valid; nothing is thrown.
 */
export function verifySignature(signature: Signature, payload: SignaturePayload): boolean {
  const message = signedBytes(payload);
  if (signature.kind !== "composite") return verifySimple(signature, message);
  const { tree, signatures } = signature;
  return (
    isKeyTree(tree) &&
    speakFor(tree, signatures) &&
    signatures.every((component) => verifySimple(component, message))
  );
}

/** The single keys that a valid signature speaks for. */
export function signingKeys(signature: Signature): PublicKey[] {
  const simple = signature.kind === "composite" ? signature.signatures : [signature];
  return simple.map(({ kind, key }) => ({ kind, key }));
}

/**
 * The same signature is met again and again: in a proposal, the transaction, its receipt's block.
 * Verified once is verified for ever, and what was signed here is valid.
 */
const foundValid = new RecentSet(4_096);

function verifySimple(signature: SimpleSignature, message: Uint8Array): boolean {
  const memo = memoOf(signature, message);
  if (foundValid.has(memo)) return true;
  const scheme = crypto[signature.kind];
  const isValid = scheme.verify(fromHex(signature.key), message, fromHex(signature.signature));
  if (isValid) foundValid.add(memo);
  return isValid;
}

/** A hash, which is short, of parts that have one length for each kind. */
function memoOf({ kind, key, signature }: SimpleSignature, message: Uint8Array): string {
  const memo = taggedHashBytes("signature", message, fromHex(key), fromHex(signature));
  return `${kind} ${toHex(memo)}`;
}

function signedBytes(payload: SignaturePayload): Uint8Array {
  return taggedHashBytes("signature", encode(signaturePayloadSchema, payload));
}
