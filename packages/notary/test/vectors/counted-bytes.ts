import { createHash } from "node:crypto";
import { type SecretKey, toHex } from "@stateset/codec";

/**
 * 32 bytes that look random and are the same in every run: SHA-256 of a text with a counter. Each
 * purpose counts on its own, so that one vector more does not change all others.
 */
export function countedBytes(purpose: string, counter: number): Uint8Array {
  return createHash("sha256").update(`stateset notary vectors: ${purpose}/${counter}`).digest();
}

export function countedHex<T extends string>(purpose: string, counter: number): T {
  return toHex(countedBytes(purpose, counter)) as T;
}

export function countedKey(kind: SecretKey["kind"], owner: string): SecretKey {
  return { kind, secret: countedBytes(`${owner}, ${kind} key`, 0) };
}
