import { gcm } from "@noble/ciphers/aes.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { toHex } from "../canonical/hex.ts";
import type { Crypto } from "./crypto.ts";
import { isStrictEd25519 } from "./ed25519-strict.ts";

const { Point } = ed25519;

/** Crypto for browsers: noble, held to the same strict rules as Node's. */
export const crypto: Crypto = {
  sha256,
  sha256Hex: (message) => toHex(sha256(message)),
  ed25519: {
    publicKey: (secret) => ed25519.getPublicKey(secret),
    sign: (secret, message) => ed25519.sign(message, secret),
    verify: (publicKey, message, signature) =>
      isStrictEd25519(publicKey, signature) && holds(publicKey, message, signature),
  },
  p256: {
    publicKey: (secret) => p256.getPublicKey(secret, true),
    sign: (secret, message) => p256.sign(message, secret, { lowS: true, prehash: true }),
    verify(publicKey, message, signature) {
      if (publicKey.length !== 33 || signature.length !== 64) return false;
      try {
        return p256.verify(signature, message, publicKey, { lowS: true, prehash: true });
      } catch {
        return false;
      }
    },
  },
  aes256Gcm: {
    encrypt: ({ key, iv, associated }, plaintext) => gcm(key, iv, associated).encrypt(plaintext),
    decrypt({ key, iv, associated }, ciphertext) {
      try {
        return gcm(key, iv, associated).decrypt(ciphertext);
      } catch {
        return undefined;
      }
    },
  },
  x25519: {
    publicKey: (secret) => x25519.getPublicKey(secret),
    sharedSecret(secret, publicKey) {
      try {
        return x25519.getSharedSecret(secret, publicKey);
      } catch {
        return undefined;
      }
    },
  },
};

/**
 * The cofactorless equation s·B = R + k·A, as OpenSSL and Go check it. noble's own `verify`
 * multiplies by the cofactor, and so accepts some signatures that the others refuse.
 */
function holds(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const encodedR = signature.subarray(0, 32);
    const a = Point.fromBytes(publicKey);
    const r = Point.fromBytes(encodedR);
    const s = littleEndian(signature.subarray(32));
    const digest = sha512.create().update(encodedR).update(publicKey).update(message).digest();
    const k = Point.Fn.create(littleEndian(digest));
    return Point.BASE.multiplyUnsafe(s).equals(r.add(a.multiplyUnsafe(k)));
  } catch {
    return false;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
