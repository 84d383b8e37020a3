import { type EncryptionKeys, fromHex, hpke, utf8 } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import type { Leaf } from "./ids.ts";
import type { WrappedKey } from "./wrapped-key-schema.ts";

/** The key that one sealed component is encrypted under; to erase it is to erase the component. */
export type ContentKey = { keyId: string; leaf: Leaf; key: Uint8Array };

const INFO = utf8("stateset/0/content-key");

/**
 * Encrypts a content key for whoever has the public key, bound to the component's leaf and the key's
 * id. The ephemeral key follows from `seed` and from all that is wrapped, so that the same call gives
 * the same bytes, and no two keys are ever wrapped under the same ephemeral key.
 * @throws LedgerError `tx/bad-encryption-key`
 */
export function wrapContentKey(
  { keyId, leaf, key }: ContentKey,
  to: { publicKey: Uint8Array; seed: Uint8Array },
): WrappedKey {
  const { publicKey } = to;
  const associated = associatedWith(keyId, leaf);
  const seed = Uint8Array.of(...to.seed, ...key, ...publicKey, ...associated);
  const wrapped = hpke.seal({ publicKey, seed, info: INFO, associated }, key);
  if (wrapped === undefined) throw new LedgerError({ code: "tx/bad-encryption-key" });
  return { keyId, wrapped };
}

/** @throws LedgerError `tx/cannot-unwrap` where it was wrapped for another, or for another component */
export function unwrapContentKey(
  { keyId, wrapped }: WrappedKey,
  by: { leaf: Leaf; keys: EncryptionKeys },
): Uint8Array {
  const associated = associatedWith(keyId, by.leaf);
  const key = hpke.open({ keys: by.keys, info: INFO, associated }, wrapped);
  if (key === undefined) throw new LedgerError({ code: "tx/cannot-unwrap", keyId });
  return key;
}

function associatedWith(keyId: string, leaf: Leaf): Uint8Array {
  return Uint8Array.of(...fromHex(leaf), ...utf8(keyId));
}
