import { type AuthenticatedCipher, aes256Gcm } from "@stateset/codec";

/** A cipher that encrypts one component under a leaf as associated data. */
export interface SealingCipher {
  readonly algorithm: string;
  encrypt(key: Uint8Array, leaf: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Undefined where the key is wrong or any byte was altered. */
  decrypt(key: Uint8Array, leaf: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

const IV_BYTES = 12;

/**
 * AES-256-GCM (NIST SP 800-38D) with the first 12 bytes of the leaf as initialisation vector. The
 * leaf is a hash over a random nonce, so two components share a vector no likelier than with random
 * ones, and the same component sealed twice gives the same bytes.
 */
export const AES_256_GCM: SealingCipher = sealingCipher("aes-256-gcm", aes256Gcm);

function sealingCipher(algorithm: string, cipher: AuthenticatedCipher): SealingCipher {
  return {
    algorithm,
    encrypt: (key, leaf, plaintext) =>
      cipher.encrypt({ key, iv: leaf.subarray(0, IV_BYTES), associated: leaf }, plaintext),
    decrypt: (key, leaf, ciphertext) =>
      cipher.decrypt({ key, iv: leaf.subarray(0, IV_BYTES), associated: leaf }, ciphertext),
  };
}
