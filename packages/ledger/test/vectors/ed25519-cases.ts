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
/** The y coordinates of the points of order 1, 2, 4, 8 and 8. */
const SMALL_ORDER = [
  1n,
  FIELD_PRIME - 1n,
  0n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n,
];
/**
 * The key of the secret `mixed-order key/0` plus the point of order 8 that c7176a70… encodes: of
 * large order, yet not in the prime-order group, so that the two equations in use disagree on it.
 */
const MIXED_ORDER_SECRET = countedBytes("mixed-order key", 0);
const MIXED_ORDER_KEY = "74a7c6691dd687caf12d9a568b35608ed45d1c595dbc5ef1a05ecdd4084dfc63";

const key = countedKey("ed25519", "signer");
const good = sign(key, PAYLOAD);

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
    { name: "a key that is no point", ...alwaysTrue(littleEndian(2n), littleEndian(1n)) },
    ...SMALL_ORDER.map((y, i) => ({
      name: `a key of small order (${i + 1})`,
      ...alwaysTrue(littleEndian(y), littleEndian(1n)),
    })),
    { name: "the key x = 0 with a sign", ...alwaysTrue(signed(1n), littleEndian(1n)) },
    {
      name: "the key y = p + 1, the identity again",
      ...alwaysTrue(littleEndian(FIELD_PRIME + 1n), littleEndian(1n)),
    },
    {
      name: "the key y = p, a point of order 4 again",
      ...alwaysTrue(littleEndian(FIELD_PRIME), littleEndian(1n)),
    },
    { name: "the identity as R, the equation true", ...identityAsR(littleEndian(1n)) },
    { name: "the identity as R, written as p + 1", ...identityAsR(littleEndian(FIELD_PRIME + 1n)) },
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

/** s = 0 and R the identity: where the key is the identity, true of every message. */
function alwaysTrue(publicKey: string, r: string) {
  const signature = r + littleEndian(0n);
  return { signature: { kind: "ed25519" as const, key: publicKey, signature }, payload: PAYLOAD };
}

/** s = k·a, which makes s·B = R + k·A true for R the identity. */
function identityAsR(r: string) {
  const k = challenge(r, good.key, PAYLOAD);
  const s = (k * secretScalar(key.secret)) % GROUP_ORDER;
  return withSignature(r + littleEndian(s));
}

/** Signs for the mixed-order key, under the first payload whose challenge is as wanted. */
function mixedOrder(isWanted: (k: bigint) => boolean) {
  const nonce = countedKey("ed25519", "mixed-order nonce").secret;
  const r = publicKeyOf({ kind: "ed25519", secret: nonce }).key;
  for (let i = 0; ; i++) {
    const payload = {
      ...PAYLOAD,
      hash: countedHex<SignaturePayload["hash"]>("mixed-order hash", i),
    };
    const k = challenge(r, MIXED_ORDER_KEY, payload);
    if (!isWanted(k)) continue;
    const s = (secretScalar(nonce) + k * secretScalar(MIXED_ORDER_SECRET)) % GROUP_ORDER;
    const signature = r + littleEndian(s);
    return { signature: { kind: "ed25519" as const, key: MIXED_ORDER_KEY, signature }, payload };
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

/** The encoding of a point's y with the sign bit of x set. */
function signed(y: bigint): string {
  return littleEndian(y | (1n << 255n));
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
