export { advanceTrust, type TrustLevel, type TrustStep, trustPointOf } from "./advance-trust.ts";
export {
  type BlockId,
  type ChainCommit,
  type ChainHeader,
  type ChainValidator,
  type ChainValidators,
  type ChainVote,
  chainCommitSchema,
  chainHeaderSchema,
  chainValidatorsSchema,
  type SignedHeader,
  signedHeaderSchema,
  type TrustPoint,
  trustPointSchema,
} from "./chain-header.ts";
export { hashChainHeader } from "./header-hash.ts";
export type { LightClientFault } from "./light-client-fault.ts";
export { encodeProofOps, type ProofOp } from "./proof-ops.ts";
export { readRpcSignedHeader } from "./rpc-signed-header.ts";
export { type RpcStoreProof, readRpcStoreProof } from "./rpc-store-proof.ts";
export { readRpcValidators } from "./rpc-validators.ts";
export { hashChainValidators, validatorAddress } from "./validator-set.ts";
export { type SignedHeaderToVerify, verifySignedHeader } from "./verify-signed-header.ts";
export { type StoreProof, verifyStoreProof } from "./verify-store-proof.ts";
