import {
  bytes,
  CodecError,
  choice,
  decode,
  encode,
  HASH_BYTES,
  hex,
  type Infer,
  isKeyTreeSatisfied,
  type KeyTree,
  keyId,
  keyTreeSchema,
  list,
  optional,
  publicKeySchema,
  record,
  type Signature,
  type SignaturePayload,
  signatureSchema,
  signingKeys,
  taggedHash,
  text,
  uint,
  verifySignature,
} from "@stateset/codec";
import {
  type IdentityId,
  memberSetChangeSchema,
  memberSetSchema,
  type NetworkId,
  type NotaryId,
  networkParametersSchema,
  type ParametersHash,
  registrationSchema,
} from "@stateset/ledger";
import { type Genesis, genesisSchema, networkIdOf } from "./genesis.ts";
import { NetworkMapError } from "./network-map-error.ts";

const PARTIES_MAX = 65_536;
const NOTARIES_MAX = 256;
const PARAMETERS_MAX = 4096;
const MEMBER_SET_CHANGES_MAX = 4096;
/** As many as a member set has. */
const MEMBERS_MAX = 64;
/** As much as the largest network map takes, with room. */
export const NETWORK_MAP_BYTES_MAX = 64 << 20;

const partyEntrySchema = record({
  /** The identity's id is the hash of this. */
  registration: registrationSchema,
  /** The key that counts now: the registered one, or what followed it. */
  key: keyTreeSchema,
  /** Where its node is reached; absent where nobody is meant to connect to it. */
  address: optional(
    record({ host: text({ min: 1, max: 253 }), port: uint({ min: 1, max: 65_535 }) }),
  ),
  /** The key of its node's TLS certificate. */
  tlsKey: publicKeySchema,
});

const notarySchema = record({
  id: hex<NotaryId>({ length: HASH_BYTES }),
  name: text({ min: 1, max: 128 }),
  /** The workers' identities, in the order of the current member set. */
  identities: list(hex<IdentityId>({ length: HASH_BYTES }), { min: 1, max: MEMBERS_MAX }),
  kind: choice("non-validating", "validating"),
  genesis: memberSetSchema,
  changes: list(memberSetChangeSchema, { max: MEMBER_SET_CHANGES_MAX }),
});

/** Everything that a node knows of its network. */
export const networkMapContentSchema = record({
  genesis: genesisSchema,
  /** One more with each version. */
  serial: uint(),
  parties: list(partyEntrySchema, { max: PARTIES_MAX }),
  notaries: list(notarySchema, { max: NOTARIES_MAX }),
  /** All versions ever, as old transactions are checked under theirs. */
  parameters: list(networkParametersSchema, { min: 1, max: PARAMETERS_MAX }),
  /** Which of them new transactions are made under. */
  current: hex<ParametersHash>({ length: HASH_BYTES }),
});
export type NetworkMapContent = Infer<typeof networkMapContentSchema>;

const fileSchema = record({
  content: bytes({ min: 1, max: NETWORK_MAP_BYTES_MAX }),
  signature: signatureSchema,
});

/** What a node's configuration says of its network; all else follows from it. */
export type NetworkTrust = {
  network: NetworkId;
  /** Whose signature a network map needs. */
  authority: KeyTree;
};

/** What the map's authority signs. */
export function networkMapPayload(network: NetworkId, content: Uint8Array): SignaturePayload {
  return {
    purpose: "network-map",
    networkId: network,
    metadata: { platformVersion: 0 },
    hash: taggedHash("network-map", content),
  };
}

/** The bytes of a network-map file. Sign with the key of the genesis' `mapAuthority`. */
export function encodeNetworkMap(
  map: NetworkMapContent,
  sign: (payload: SignaturePayload) => Signature,
): Uint8Array {
  const content = encode(networkMapContentSchema, map);
  const signature = sign(networkMapPayload(networkIdOf(map.genesis), content));
  return encode(fileSchema, { content, signature });
}

/**
 * What stands in a network-map file, once its signature was found valid. Says nothing yet of
 * whether its entries fit together: `NetworkMapVersion` does.
 * @throws NetworkMapError
 */
export function decodeNetworkMap(file: Uint8Array, trust: NetworkTrust): NetworkMapContent {
  const { content, signature } = readAs(fileSchema, file);
  // First the signature: nothing else of an unsigned file is looked at.
  const signed = new Set(signingKeys(signature).map(keyId));
  const isByAuthority = isKeyTreeSatisfied(trust.authority, (key) => signed.has(keyId(key)));
  if (!isByAuthority || !verifySignature(signature, networkMapPayload(trust.network, content)))
    throw new NetworkMapError({ code: "network-map/signature-invalid", signers: [...signed] });
  const map = readAs(networkMapContentSchema, content);
  assertNetwork(map.genesis, trust);
  return map;
}

function assertNetwork(genesis: Genesis, { network: expected }: NetworkTrust): void {
  const found = networkIdOf(genesis);
  if (found !== expected)
    throw new NetworkMapError({ code: "network-map/wrong-network", expected, found });
}

function readAs<S extends typeof fileSchema | typeof networkMapContentSchema>(
  schema: S,
  encoded: Uint8Array,
): Infer<S> {
  try {
    return decode(schema, encoded);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new NetworkMapError(
      { code: "network-map/malformed", reason: error.message },
      { cause: error },
    );
  }
}
