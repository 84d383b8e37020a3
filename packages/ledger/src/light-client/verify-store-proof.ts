import { compareBytes, fromHex, type Hex, utf8 } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { rootWithout } from "./absence.ts";
import { type CommitmentProof, decodeCommitmentProof, type Existence } from "./commitment-proof.ts";
import { ascend } from "./existence.ts";
import type { LightClientFault } from "./light-client-fault.ts";
import { decodeProofOps, PROOF_OPS } from "./proof-ops.ts";
import { ProtobufError } from "./protobuf-reader.ts";
import { IAVL_TREE, SIMPLE_TREE } from "./tree-form.ts";

const IN_STORE = "ics23:iavl";
const IN_STORES = "ics23:simple";

export type StoreProof = {
  /** `tendermint.crypto.ProofOps`, as `readRpcStoreProof` gives it. */
  proof: Uint8Array;
  /** The store's name in the SDK's multistore: a module's store key. */
  storeKey: string;
  key: Uint8Array;
  /** `undefined` where the proof is to show that the key has none. */
  value: Uint8Array | undefined;
  /** That of the header *after* the block whose state is shown, from a `TrustPoint`. */
  appHash: Hex;
};

/**
 * Checks that the key had this value, or none, in the state that the app hash stands for: an ICS-23
 * proof for the store's IAVL tree, and one for the tree over the stores. The store and the number
 * of trees are the caller's: else a value written into a store could pose as a tree of its own.
 * @throws LedgerError `light-client/…` with the first fault
 */
export function verifyStoreProof({ proof, storeKey, key, value, appHash }: StoreProof): void {
  const { inStore, inStores } = decodeStoreProof(proof);
  mustEqual("store", inStores.key, utf8(storeKey));
  mustEqual("store", inStores.proof.key, inStores.key);
  mustEqual("key", inStore.key, key);
  mustEqual("key", inStore.proof.key, key);
  mustEqual("root", inStores.proof.value, rootOfStore(inStore.proof, value));
  mustEqual("root", ascend(inStores.proof, SIMPLE_TREE).root, fromHex(appHash));
}

function rootOfStore(proof: CommitmentProof, value: Uint8Array | undefined): Uint8Array {
  if (proof.kind === "nonexist" && value === undefined) return rootWithout(proof, IAVL_TREE);
  if (proof.kind !== "exist" || value === undefined) throw mismatch("kind");
  mustEqual("value", proof.value, value);
  return ascend(proof, IAVL_TREE).root;
}

type Decoded = {
  inStore: { key: Uint8Array; proof: CommitmentProof };
  inStores: { key: Uint8Array; proof: Existence };
};

function decodeStoreProof(bytes: Uint8Array): Decoded {
  try {
    const [inStore, inStores] = decodeProofOps(bytes);
    if (inStore?.type !== IN_STORE || inStores?.type !== IN_STORES)
      throw new ProtobufError(`the proof's ${PROOF_OPS} steps are ${IN_STORE} and ${IN_STORES}`);
    const existence = decodeCommitmentProof(inStores.data);
    if (existence.kind !== "exist") throw new ProtobufError("the store itself is to exist");
    return {
      inStore: { key: inStore.key, proof: decodeCommitmentProof(inStore.data) },
      inStores: { key: inStores.key, proof: existence },
    };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    const { message: reason } = error;
    throw new LedgerError({ code: "light-client/malformed", what: "proof", reason });
  }
}

type Mismatch = Extract<LightClientFault, { code: "light-client/proof-mismatch" }>["what"];

function mustEqual(what: Mismatch, found: Uint8Array, expected: Uint8Array): void {
  if (compareBytes(found, expected) !== 0) throw mismatch(what);
}

function mismatch(what: Mismatch): LedgerError {
  return new LedgerError({ code: "light-client/proof-mismatch", what });
}
