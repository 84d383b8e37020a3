import type { Hex } from "../canonical/schema.ts";

/**
 * What the platform must bring: SHA-256, two signature schemes, encryption. Node's own implementation and
 * noble's (for browsers) stand behind this interface and pass the same tests.
 *
 * Signatures are deterministic and have one valid form each, so that all platforms give the same
 * verdict on the same bytes: Ed25519 as RFC 8032 §5.1.7 with the cofactorless equation, canonical
 * encodings and no key or commitment of small order; P-256 with SHA-256 (FIPS 186-5), the nonce of
 * RFC 6979 where the platform offers it, the low of the two `s`, and 64 bytes r ‖ s.
 */
export interface Crypto {
  sha256(message: Uint8Array): Uint8Array;
  /** The same as text. */
  sha256Hex(message: Uint8Array): Hex;
  ed25519: SignatureScheme;
  p256: SignatureScheme;
  aes256Gcm: AuthenticatedCipher;
  x25519: KeyAgreement;
}

export interface SignatureScheme {
  /** The 32-byte (Ed25519) or 33-byte compressed (P-256) public key of a 32-byte secret. */
  publicKey(secret: Uint8Array): Uint8Array;
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  /** Never throws: malformed keys and signatures are simply not valid. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** X25519 (RFC 7748); keys are 32 bytes. */
export interface KeyAgreement {
  publicKey(secret: Uint8Array): Uint8Array;
  /** Undefined where the key is none, or of small order: everybody would know what is shared. */
  sharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
}

/** Authenticated encryption; a key is 32 bytes, an initialisation vector 12, never used twice. */
export interface AuthenticatedCipher {
  /** The ciphertext with the 16-byte tag behind it. */
  encrypt(use: CipherUse, plaintext: Uint8Array): Uint8Array;
  /** Undefined where key, vector, associated data or any byte of the ciphertext is not the same. */
  decrypt(use: CipherUse, ciphertext: Uint8Array): Uint8Array | undefined;
}

export type CipherUse = { key: Uint8Array; iv: Uint8Array; associated: Uint8Array };
