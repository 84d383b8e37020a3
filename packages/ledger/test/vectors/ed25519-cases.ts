import { createHash } from "node:crypto";
import {
  encode,
  publicKeyOf,
  type Signature,
  type SignaturePayload,
  sign,
  taggedHashBytes,
  toHex,
} from "@stateset/codec";
import { countedBytes, countedHex, countedKey } from "./counted-bytes.ts";
import { signaturePayloadSchema } from "./ledger-schemas.ts";
import { PAYLOAD } from "./signature-cases.ts";

type Case = { name: string; signature: Signature; payload: SignaturePayload };

const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const FIELD_PRIME = 2n ** 255n - 19n;
/** Multiples 0 to 7 of a point of order 8, encoded: all points of small order. */
const SMALL_ORDER = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
] as const;
/** Further encodings of the first and of two others among them, which a strict reader refuses. */
const NOT_CANONICAL = [
  { name: "y = p + 1", encoded: littleEndian(FIELD_PRIME + 1n), multiple: 0 },
  { name: "y = p", encoded: littleEndian(FIELD_PRIME), multiple: 6 },
  { name: "y = 1 with a sign", encoded: littleEndian(1n | (1n << 255n)), multiple: 0 },
  {
    name: "y = -1 with a sign",
    encoded: littleEndian((FIELD_PRIME - 1n) | (1n << 255n)),
    multiple: 4,
  },
];
/**
 * The key of the secret below plus the point of order 8 above: of large order, yet not in the
 * prime-order group, so that the two equations in use disagree on it.
 */
const MIXED_ORDER_SECRET = countedBytes("mixed-order key", 0);
const MIXED_ORDER_KEY = "74a7c6691dd687caf12d9a568b35608ed45d1c595dbc5ef1a05ecdd4084dfc63";

const good = sign(countedKey("ed25519", "signer"), PAYLOAD);
const nonce = countedBytes("edge-case nonce", 0);
const publicNonce = publicKeyOf({ kind: "ed25519", secret: nonce }).key;

/** Signatures that some libraries accept and this format refuses, and plainly wrong ones. */
export function refusedEd25519(): Case[] {
  const s = fromLittleEndian(Buffer.from(good.signature, "hex").subarray(32));
  const r = good.signature.slice(0, 64);
  const other = publicKeyOf(countedKey("ed25519", "other signer"));
  return [
    { name: "s plus the group order", ...withSignature(r + littleEndian(s + GROUP_ORDER)) },
    { name: "s of the group order", ...withSignature(r + littleEndian(GROUP_ORDER)) },
    { name: "s of zero", ...withSignature(r + littleEndian(0n)) },
    { name: "an altered s", ...withSignature(r + littleEndian(s ^ 1n)) },
    { name: "an altered R", ...withSignature(flipFirstBit(good.signature)) },
    { name: "another key", signature: { ...good, key: other.key }, payload: PAYLOAD },
    { name: "R beyond the field", ...withSignature("ff".repeat(32) + littleEndian(s)) },
    { name: "R no point of the curve", ...withSignature(littleEndian(2n) + littleEndian(s)) },
    { name: "a key that is no point", ...forSmallKey(littleEndian(2n)) },
    ...SMALL_ORDER.map((encoded, i) => ({ name: `the key ${i}·T`, ...forSmallKey(encoded) })),
    ...NOT_CANONICAL.map(({ name, encoded }) => ({
      name: `the key ${name}`,
      ...forSmallKey(encoded),
    })),
    ...SMALL_ORDER.map((encoded, i) => ({ name: `R = ${i}·T`, ...withSmallR(encoded, i) })),
    ...NOT_CANONICAL.map(({ name, encoded, multiple }) => ({
      name: `R of ${name}`,
      ...withSmallR(encoded, multiple),
    })),
    { name: "true only with the cofactor", ...mixedOrder((k) => k % 8n !== 0n) },
  ];
}

/** A key outside the prime-order group is no fault where the equation holds without cofactor. */
export function acceptedMixedOrder(): Case {
  return {
    name: "a key of mixed order, true without cofactor",
    ...mixedOrder((k) => k % 8n === 0n),
  };
}

function withSignature(signature: string) {
  return { signature: { ...good, signature }, payload: PAYLOAD };
}

/**
 * For a key A of small order: R = r·B and s = r, so that s·B = R + k·A is true wherever k is a
 * multiple of 8, without any secret.
 */
function forSmallKey(encoded: string) {
  return search(encoded, publicNonce, (k) => (k % 8n === 0n ? secretScalar(nonce) : undefined));
}

/** For R = i·T: with the mixed-order key A + T and s = k·a, true wherever k + i is a multiple of 8. */
function withSmallR(r: string, i: number) {
  const secret = secretScalar(MIXED_ORDER_SECRET);
  return search(MIXED_ORDER_KEY, r, (k) => ((k + BigInt(i)) % 8n === 0n ? k * secret : undefined));
}

/** Signs for the mixed-order key, under the first payload whose challenge is as wanted. */
function mixedOrder(isWanted: (k: bigint) => boolean) {
  const secret = secretScalar(MIXED_ORDER_SECRET);
  return search(MIXED_ORDER_KEY, publicNonce, (k) =>
    isWanted(k) ? secretScalar(nonce) + k * secret : undefined,
  );
}

/** The signature under the first payload for whose challenge there is an s. */
function search(publicKey: string, r: string, sOf: (k: bigint) => bigint | undefined) {
  for (let i = 0; ; i++) {
    const payload = { ...PAYLOAD, hash: countedHex<SignaturePayload["hash"]>("edge-case hash", i) };
    const s = sOf(challenge(r, publicKey, payload));
    if (s === undefined) continue;
    const signature = r + littleEndian(s % GROUP_ORDER);
    return { signature: { kind: "ed25519" as const, key: publicKey, signature }, payload };
  }
}

function challenge(r: string, publicKey: string, payload: SignaturePayload): bigint {
  const message = taggedHashBytes("signature", encode(signaturePayloadSchema, payload));
  const digest = sha512(Buffer.from(r + publicKey, "hex"), message);
  return fromLittleEndian(digest) % GROUP_ORDER;
}

function secretScalar(secret: Uint8Array): bigint {
  const half = sha512(secret).subarray(0, 32);
  half[0] = (half[0] as number) & 0xf8;
  half[31] = ((half[31] as number) & 0x7f) | 0x40;
  return fromLittleEndian(half);
}

function sha512(...parts: Uint8Array[]): Buffer {
  return createHash("sha512").update(Buffer.concat(parts)).digest();
}

function littleEndian(value: bigint): string {
  const bytes = Buffer.from(value.toString(16).padStart(64, "0"), "hex");
  return toHex(bytes.reverse());
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`);
}

function flipFirstBit(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  bytes[0] = (bytes[0] as number) ^ 1;
  return toHex(bytes);
}
