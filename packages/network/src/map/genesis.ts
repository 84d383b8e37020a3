import {
  bytes,
  encode,
  HASH_BYTES,
  hex,
  type Infer,
  keyTreeSchema,
  record,
  taggedHash,
  text,
} from "@stateset/codec";
import type { NetworkId } from "@stateset/ledger";

const CERTIFICATE_BYTES_MAX = 4096;

/** What a network begins with, and never changes. */
export const genesisSchema = record({
  name: text({ min: 1, max: 128 }),
  /** DER; certificates of all nodes lead to it. */
  rootCertificate: bytes({ min: 1, max: CERTIFICATE_BYTES_MAX }),
  /** Who signs the network map; a later key is for the nodes' operators to agree on. */
  mapAuthority: keyTreeSchema,
  /** Makes it unlike any other network of the same authority. */
  salt: hex({ length: HASH_BYTES }),
});
export type Genesis = Infer<typeof genesisSchema>;

export function networkIdOf(genesis: Genesis): NetworkId {
  return taggedHash("network", encode(genesisSchema, genesis)) as string as NetworkId;
}
