import {
  encode,
  HASH_BYTES,
  hex,
  type Infer,
  keyTreeSchema,
  list,
  record,
  taggedHash,
  text,
  uint,
} from "@stateset/codec";
import { bundleHashSchema, networkIdSchema, type ParametersHash } from "./transaction/ids.ts";

const limit = uint({ max: 0xffff_ffff });

/**
 * What the network's members agreed on, pinned in every transaction by hash: the contract VM and
 * its limits, the approved contracts, and the salt of unique keys.
 */
export const networkParametersSchema = record({
  network: networkIdSchema,
  epoch: uint(),
  vm: record({
    /** The hash of metered wasm, prelude and input encoding: all that a verdict and its gas rest on. */
    engine: hex({ length: HASH_BYTES }),
    gas: uint(),
    memoryBytes: limit,
    stackBytes: limit,
    callDepth: limit,
    sourceBytesMax: limit,
    inputBytesMax: limit,
    resultBytesMax: limit,
  }),
  approvedContracts: list(
    record({ contract: text({ min: 1, max: 64 }), bundles: list(bundleHashSchema, { max: 64 }) }),
    { max: 256 },
  ),
  /** Whose signature a bundle needs to go by a name: others may read states under it. */
  contractOwners: list(record({ contract: text({ min: 1, max: 64 }), key: keyTreeSchema }), {
    max: 256,
  }),
  /** Public: it keeps tables made for another network from being of use here. */
  uniqueKeySalt: hex({ length: HASH_BYTES }),
});
export type NetworkParameters = Infer<typeof networkParametersSchema>;

export function hashParameters(parameters: NetworkParameters): ParametersHash {
  const hash = taggedHash("parameters", encode(networkParametersSchema, parameters));
  return hash as string as ParametersHash;
}
