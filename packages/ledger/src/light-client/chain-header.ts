import {
  bytes,
  HASH_BYTES,
  type Hash,
  hex,
  INT64_MAX,
  type Infer,
  int,
  list,
  optional,
  record,
  text,
  uint,
  union,
} from "@stateset/codec";

/** One page of CometBFT's RPC, and more than a notary has members. */
export const VALIDATORS_MAX = 100;
/** CometBFT's `MaxChainIDLen`. */
export const CHAIN_ID_BYTES_MAX = 50;
/** CometBFT leaves the length open; the SDK's is that of a hash. */
export const APP_HASH_BYTES_MAX = 64;
export const ADDRESS_BYTES = 20;
export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
export const PARTS_MAX = 2 ** 32 - 1;
export const ROUND_MAX = 2 ** 31 - 1;
/** CometBFT's `MaxTotalVotingPower`, which also bounds each one's. */
export const POWER_MAX = INT64_MAX / 8n;

const hash = hex<Hash>({ length: HASH_BYTES });
const address = hex({ length: ADDRESS_BYTES });
const chainId = text({ min: 1, max: CHAIN_ID_BYTES_MAX });
const height = uint({ min: 1 });
/** Nanoseconds since 1970, UTC, as exact as CometBFT's times; those end in 2262. */
const timeNs = int({ min: 0n });
const appHash = hex({ max: APP_HASH_BYTES_MAX });

const blockIdSchema = record({
  hash,
  parts: record({ total: uint({ max: PARTS_MAX }), hash }),
});
export type BlockId = Infer<typeof blockIdSchema>;

/** The header of a CometBFT block, 0.38 (its specification, `core/data_structures.md`). */
export const chainHeaderSchema = record({
  version: record({ block: uint(), app: uint() }),
  chainId,
  height,
  timeNs,
  /** Absent in the chain's first block. */
  lastBlockId: optional(blockIdSchema),
  lastCommitHash: hash,
  dataHash: hash,
  validatorsHash: hash,
  nextValidatorsHash: hash,
  consensusHash: hash,
  /** The application's state after the block *before* this one. */
  appHash,
  lastResultsHash: hash,
  evidenceHash: hash,
  proposerAddress: address,
});
export type ChainHeader = Infer<typeof chainHeaderSchema>;

const vote = record({ address, timeNs, signature: hex({ length: SIGNATURE_BYTES }) });

/** The precommits that decided a block, one place for each validator, in the set's order. */
export const chainCommitSchema = record({
  height,
  round: uint({ max: ROUND_MAX }),
  blockId: blockIdSchema,
  votes: list(union({ absent: record({}), commit: vote, nil: vote }), {
    min: 1,
    max: VALIDATORS_MAX,
  }),
});
export type ChainCommit = Infer<typeof chainCommitSchema>;
export type ChainVote = ChainCommit["votes"][number];

export const signedHeaderSchema = record({ header: chainHeaderSchema, commit: chainCommitSchema });
export type SignedHeader = Infer<typeof signedHeaderSchema>;

/** Ed25519 keys with their power, in the order that the header's hash fixes. */
export const chainValidatorsSchema = list(
  record({
    publicKey: bytes({ min: KEY_BYTES, max: KEY_BYTES }),
    power: int({ min: 1n, max: POWER_MAX }),
  }),
  { min: 1, max: VALIDATORS_MAX },
);
export type ChainValidators = Readonly<Infer<typeof chainValidatorsSchema>>;
export type ChainValidator = ChainValidators[number];

/** What a light client keeps of a header that it trusts: enough to step on, and to check proofs. */
export const trustPointSchema = record({
  chainId,
  height,
  timeNs,
  headerHash: hash,
  appHash,
  nextValidatorsHash: hash,
});
export type TrustPoint = Infer<typeof trustPointSchema>;
