import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type JsonWebKey,
  type KeyObject,
  sign as signWith,
  verify as verifyWith,
} from "node:crypto";
import { toHex } from "../canonical/hex.ts";
import { HASH_BYTES, type Hex } from "../canonical/schema.ts";
import { RecentSet } from "../keys/recent-set.ts";
import type { Crypto } from "./crypto.ts";
import { crypto as noble } from "./crypto-noble.ts";
import { isStrictEd25519 } from "./ed25519-strict.ts";

/** Half of P-256's group order, big-endian: the largest `s` that counts as low. */
const P256_LOW_S_MAX = Buffer.from(
  "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8",
  "hex",
);
/** DER wrappings of raw keys: RFC 8410 for Ed25519, RFC 5480 for a compressed P-256 point. */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");
/** RFC 8410 for X25519: what precedes a secret key, and a public one. */
const X25519_PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");
const X25519_SPKI = Buffer.from("302a300506032b656e032100", "hex");
const P256_SPKI = Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex");

/** Crypto on Node: OpenSSL, 10 to 20 times as fast as JavaScript. */
export const crypto: Crypto = {
  sha256(message) {
    // As text, and copied: a Buffer made by the engine costs seven times the hash itself.
    const digest = hash("sha256", message, "binary");
    const bytes = new Uint8Array(HASH_BYTES);
    for (let i = 0; i < HASH_BYTES; i++) bytes[i] = digest.charCodeAt(i);
    return bytes;
  },
  sha256Hex: (message) => hash("sha256", message) as Hex,
  ed25519: {
    publicKey: (secret) => ed25519Secret(secret).publicKey,
    sign: (secret, message) => signWith(null, message, ed25519Secret(secret).key),
    verify(publicKey, message, signature) {
      if (!isStrictEd25519(publicKey, signature)) return false;
      return verifyEd25519(publicKey, message, signature);
    },
  },
  p256: {
    publicKey: noble.p256.publicKey,
    // noble signs here too: OpenSSL takes a random nonce, and repeated signing must repeat.
    sign: noble.p256.sign,
    verify(publicKey, message, signature) {
      if (publicKey.length !== 33 || signature.length !== 64) return false;
      if (Buffer.compare(signature.subarray(32), P256_LOW_S_MAX) > 0) return false;
      const key = publicKeyObject(P256_SPKI, publicKey);
      if (key === undefined) return false;
      return verifyWith("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
    },
  },
  aes256Gcm: {
    encrypt({ key, iv, associated }, plaintext) {
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      cipher.setAAD(associated);
      return joined(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
    },
    decrypt({ key, iv, associated }, ciphertext) {
      if (ciphertext.length < GCM_TAG_BYTES) return undefined;
      const end = ciphertext.length - GCM_TAG_BYTES;
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, iv);
        decipher.setAAD(associated);
        decipher.setAuthTag(ciphertext.subarray(end));
        return joined(decipher.update(ciphertext.subarray(0, end)), decipher.final());
      } catch {
        return undefined;
      }
    },
  },
  x25519: {
    publicKey(secret) {
      const { x = "" } = createPublicKey(x25519Secret(secret)).export({ format: "jwk" });
      return new Uint8Array(Buffer.from(x, "base64url"));
    },
    sharedSecret(secret, publicKey) {
      if (publicKey.length !== X25519_BYTES) return undefined;
      try {
        const der = Buffer.concat([X25519_SPKI, publicKey]);
        const theirs = createPublicKey({ key: der, format: "der", type: "spki" });
        const ours = x25519Secret(secret);
        return new Uint8Array(diffieHellman({ privateKey: ours, publicKey: theirs }));
      } catch {
        return undefined; // of small order
      }
    },
  },
};

const X25519_BYTES = 32;

function x25519Secret(secret: Uint8Array): KeyObject {
  const der = Buffer.concat([X25519_PKCS8, secret]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

const GCM_TAG_BYTES = 16;

/** An array of its own: a Buffer's `slice` would not copy, as those who hold an Uint8Array expect. */
function joined(...parts: Buffer[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Making a key object costs a third of a verification; the keys that are met again are few. */
const CACHED_KEYS_MAX = 1024;
const publicKeys = new Map<string, KeyObject>();
/** Keys met once: most are one-time keys, which never come again. */
const metOnce = new RecentSet(CACHED_KEYS_MAX);
type Ed25519Secret = { of: Uint8Array; key: KeyObject; publicKey: Uint8Array };
const secretKeys = new WeakMap<Uint8Array, Ed25519Secret>();

function verifyEd25519(raw: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const id = toHex(raw);
  if (publicKeys.has(id) || metOnce.has(id)) {
    const key = publicKeyObject(ED25519_SPKI, raw);
    return key !== undefined && verifyWith(null, message, key, signature);
  }
  metOnce.add(id);
  const key = { key: ed25519Jwk({ x: raw }), format: "jwk" } as const;
  try {
    return untraced(() => verifyWith(null, message, key, signature));
  } catch {
    return false; // not a point of the curve
  }
}

function publicKeyObject(spki: Buffer, raw: Uint8Array): KeyObject | undefined {
  const id = toHex(raw);
  const cached = publicKeys.get(id);
  if (cached !== undefined) return cached;
  try {
    const der = Buffer.concat([spki, raw]);
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    if (publicKeys.size >= CACHED_KEYS_MAX) publicKeys.clear();
    publicKeys.set(id, key);
    return key;
  } catch {
    return undefined; // not a point of the curve
  }
}

function ed25519Secret(secret: Uint8Array): Ed25519Secret {
  const cached = secretKeys.get(secret);
  // The caller may have overwritten the array since.
  if (cached !== undefined && Buffer.compare(cached.of, secret) === 0) return cached;
  // The public half need not be given: it is computed from the secret.
  const jwk = ed25519Jwk({ x: NOTHING, d: secret });
  const key = untraced(() => createPrivateKey({ key: jwk, format: "jwk" }));
  // Much cheaper than a public key object and its DER.
  const { x = "" } = key.export({ format: "jwk" });
  const publicKey = new Uint8Array(Buffer.from(x, "base64url"));
  const made = { of: Uint8Array.from(secret), key, publicKey };
  secretKeys.set(secret, made);
  return made;
}

const NOTHING = new Uint8Array();

/** RFC 8037; half as dear to read as DER. */
function ed25519Jwk({ x, d }: { x: Uint8Array; d?: Uint8Array }): JsonWebKey {
  const jwk = { kty: "OKP", crv: "Ed25519", x: base64url(x) };
  return d === undefined ? jwk : { ...jwk, d: base64url(d) };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/**
 * Node finds out what kind of key it was given by errors that it catches itself, and the stack
 * traces of these cost as much as reading the key.
 */
function untraced<T>(run: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
