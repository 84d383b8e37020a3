import { ed25519 } from "@noble/curves/ed25519.js";
import { crypto } from "#crypto";

/**
 * Ed25519 by the rules of ZIP-215, as chains judge their votes: with the cofactor, every encoding of
 * a point, also of small order. Only for signatures that others have already counted by these rules:
 * by stricter ones a single faulty voter could hide a decided block from whoever checks it.
 *
 * What holds by our own rules holds by these too, so the rest is seldom asked.
 */
export function isZip215Signature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (crypto.ed25519.verify(publicKey, message, signature)) return true;
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: true });
  } catch {
    return false; // not a point of the curve
  }
}
