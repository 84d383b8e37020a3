import { taggedHashBytes, utf8 } from "@stateset/codec";
import { AES_256_GCM } from "@stateset/ledger";

const SALT_BYTES = 16;
const textDecoder = new TextDecoder();

/**
 * An input's text as it rests: base64 of salt ‖ ciphertext, bound to the flow's id. A responder's
 * id is its peer's to choose, so that two inputs may come under one id. The salt, a keyed hash of
 * the input, gives each a key of its own, and the same input the same text however often it is
 * written.
 */
export function sealInput(id: string, input: string, secret: Uint8Array): string {
  const plaintext = utf8(input);
  const name = utf8(id);
  const salt = taggedHashBytes("node", secret, name, plaintext).subarray(0, SALT_BYTES);
  const ciphertext = AES_256_GCM.encrypt(secret, Buffer.concat([name, salt]), plaintext);
  return Buffer.concat([salt, ciphertext]).toString("base64");
}

/** Undefined where it was sealed for another id, under another secret, or is not sealed at all. */
export function openInput(id: string, sealed: string, secret: Uint8Array): string | undefined {
  const bytes = Buffer.from(sealed, "base64");
  const salt = bytes.subarray(0, SALT_BYTES);
  const ciphertext = bytes.subarray(SALT_BYTES);
  const plaintext = AES_256_GCM.decrypt(secret, Buffer.concat([utf8(id), salt]), ciphertext);
  return plaintext && textDecoder.decode(plaintext);
}
