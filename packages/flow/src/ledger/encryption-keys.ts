import { type EncryptionKeys, hpke } from "@stateset/codec";
import type { Keys } from "../ports/keys.ts";

/** The keys that others wrap content keys for: as lasting as the node's secret. */
export function encryptionKeysOf(keys: Pick<Keys, "derive">): EncryptionKeys {
  return hpke.deriveKeys(keys.derive("content keys"));
}
