import { encodeProofOps, PROOF_BYTES_MAX, PROOF_OPS } from "./proof-ops.ts";
import { readRpcResult } from "./rpc-object.ts";

const TYPE_LENGTH_MAX = 32;

export type RpcStoreProof = {
  /** The block whose state is shown; its app hash stands in the header of `height + 1`. */
  height: number;
  key: Uint8Array;
  value: Uint8Array | undefined;
  /** For `verifyStoreProof`. */
  proof: Uint8Array;
};

/**
 * What an answer of CometBFT 0.38 to `abci_query` with `prove=true` claims, not yet verified.
 * @throws LedgerError `light-client/malformed`, also where the query failed or has no proof
 */
export function readRpcStoreProof(body: string): RpcStoreProof {
  const response = readRpcResult("proof", body).object("response");
  const code = response.isAbsent("code") ? 0 : response.int32("code", 2 ** 32 - 1);
  if (code !== 0) throw response.fault("code", `${code}: the query failed`);
  const ops = response
    .object("proofOps")
    .list("ops", PROOF_OPS)
    .map((op) => ({
      type: op.text("type", TYPE_LENGTH_MAX),
      key: op.base64("key", PROOF_BYTES_MAX),
      data: op.base64("data", PROOF_BYTES_MAX),
    }));
  return {
    height: response.int64("height"),
    key: response.base64("key", PROOF_BYTES_MAX),
    value: response.isAbsent("value") ? undefined : response.base64("value", PROOF_BYTES_MAX),
    proof: encodeProofOps(ops),
  };
}
