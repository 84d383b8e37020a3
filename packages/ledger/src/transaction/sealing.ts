import { aes256Gcm, taggedHashBytes } from "@stateset/codec";

/** A cipher that encrypts one component under a leaf as associated data. */
export interface SealingCipher {
  readonly algorithm: string;
  encrypt(key: Uint8Array, leaf: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Undefined where the key is wrong or any byte was altered. */
  decrypt(key: Uint8Array, leaf: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

/**
 * AES-256-GCM (NIST SP 800-38D) under a key of the component's own, H(seal ‖ key ‖ leaf), used for
 * this one message and so with a vector of zeros. Were the vector cut from the leaf instead, who
 * makes components could search for two that share it, and learn the key that authenticates.
 */
export const AES_256_GCM: SealingCipher = {
  algorithm: "aes-256-gcm",
  encrypt: (key, leaf, plaintext) => aes256Gcm.encrypt(cipherUse(key, leaf), plaintext),
  decrypt: (key, leaf, ciphertext) => aes256Gcm.decrypt(cipherUse(key, leaf), ciphertext),
};

const ZERO_VECTOR = new Uint8Array(12);

function cipherUse(key: Uint8Array, leaf: Uint8Array) {
  return { key: taggedHashBytes("seal", key, leaf), iv: ZERO_VECTOR, associated: leaf };
}
