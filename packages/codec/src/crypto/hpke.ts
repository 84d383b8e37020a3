import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { crypto } from "#crypto";
import { utf8 } from "../canonical/pooled-bytes.ts";
import type { Crypto } from "./crypto.ts";

/** An X25519 key with its public half. */
export type EncryptionKeys = { secret: Uint8Array; publicKey: Uint8Array };

/** What both sides must agree on; `associated` is authenticated and not sent. */
export type HpkeContext = { info: Uint8Array; associated: Uint8Array };

/**
 * HPKE (RFC 9180) in base mode, one message for each context, with DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256 and AES-256-GCM: whoever has a public key can encrypt for its owner.
 */
export interface Hpke {
  /** The RFC's DeriveKeyPair, from at least 32 secret bytes. */
  deriveKeys(seed: Uint8Array): EncryptionKeys;
  /**
   * The ephemeral public key (32 bytes), the ciphertext and its tag. The ephemeral key follows from
   * `seed`: the same seed must never serve two plaintexts. Undefined where the key is of small order.
   */
  seal(
    to: HpkeContext & { publicKey: Uint8Array; seed: Uint8Array },
    plaintext: Uint8Array,
  ): Uint8Array | undefined;
  /** Undefined where key, context or any byte is not the same. */
  open(by: HpkeContext & { keys: EncryptionKeys }, sealed: Uint8Array): Uint8Array | undefined;
}

const KEY_BYTES = 32;
const VECTOR_BYTES = 12;
const NOTHING = new Uint8Array();
const BASE_MODE = Uint8Array.of(0);
const VERSION = utf8("HPKE-v1");
const KEM_SUITE = Uint8Array.of(...utf8("KEM"), 0, 0x20);
const SUITE = Uint8Array.of(...utf8("HPKE"), 0, 0x20, 0, 1, 0, 2);

export function hpkeOver({ x25519, aes256Gcm }: Pick<Crypto, "x25519" | "aes256Gcm">): Hpke {
  function deriveKeys(seed: Uint8Array): EncryptionKeys {
    const key = labeledExtract(KEM_SUITE, NOTHING, "dkp_prk", seed);
    const secret = labeledExpand(KEM_SUITE, key, "sk", NOTHING, KEY_BYTES);
    return { secret, publicKey: x25519.publicKey(secret) };
  }
  return {
    deriveKeys,
    seal({ publicKey, seed, info, associated }, plaintext) {
      const ephemeral = deriveKeys(seed);
      const shared = x25519.sharedSecret(ephemeral.secret, publicKey);
      if (shared === undefined) return undefined;
      const secret = sharedSecret(shared, ephemeral.publicKey, publicKey);
      const use = { ...keySchedule(secret, info), associated };
      return joined(ephemeral.publicKey, aes256Gcm.encrypt(use, plaintext));
    },
    open({ keys, info, associated }, sealed) {
      const ephemeral = sealed.slice(0, KEY_BYTES);
      const shared = x25519.sharedSecret(keys.secret, ephemeral);
      if (shared === undefined) return undefined;
      const use = {
        ...keySchedule(sharedSecret(shared, ephemeral, keys.publicKey), info),
        associated,
      };
      return aes256Gcm.decrypt(use, sealed.slice(KEY_BYTES));
    },
  };
}

/** That of the platform. */
export const hpke: Hpke = hpkeOver(crypto);

/** ExtractAndExpand, section 4.1. */
function sharedSecret(agreed: Uint8Array, ephemeral: Uint8Array, publicKey: Uint8Array) {
  const key = labeledExtract(KEM_SUITE, NOTHING, "eae_prk", agreed);
  const context = joined(ephemeral, publicKey);
  return labeledExpand(KEM_SUITE, key, "shared_secret", context, KEY_BYTES);
}

/** KeySchedule, section 5.1, for the first and only message. */
function keySchedule(shared: Uint8Array, info: Uint8Array): { key: Uint8Array; iv: Uint8Array } {
  const context = joined(
    BASE_MODE,
    labeledExtract(SUITE, NOTHING, "psk_id_hash", NOTHING),
    labeledExtract(SUITE, NOTHING, "info_hash", info),
  );
  const secret = labeledExtract(SUITE, shared, "secret", NOTHING);
  return {
    key: labeledExpand(SUITE, secret, "key", context, KEY_BYTES),
    iv: labeledExpand(SUITE, secret, "base_nonce", context, VECTOR_BYTES),
  };
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, input: Uint8Array) {
  return extract(sha256, joined(VERSION, suite, utf8(label), input), salt);
}

function labeledExpand(
  suite: Uint8Array,
  key: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const counted = Uint8Array.of(length >> 8, length & 0xff);
  return expand(sha256, key, joined(counted, VERSION, suite, utf8(label), info), length);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
