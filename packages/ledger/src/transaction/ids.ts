import { type Branded, HASH_BYTES, hex, type Infer, record, uint } from "@stateset/codec";

/** The hash over all component groups; what signatures and receipts are about. */
export type TransactionId = Branded<string, "TransactionId">;
/** The hash of the network's genesis document. */
export type NetworkId = Branded<string, "NetworkId">;
/** A notary cluster, named by the hash of its genesis and not by its members' keys. */
export type NotaryId = Branded<string, "NotaryId">;
/** The tagged hash of one component with its nonce. */
export type Leaf = Branded<string, "Leaf">;
/** The hash of a bundle's bytes. */
export type BundleHash = Branded<string, "BundleHash">;
/** The hash of a version of the network's parameters. */
export type ParametersHash = Branded<string, "ParametersHash">;

export const transactionIdSchema = hex<TransactionId>({ length: HASH_BYTES });
export const networkIdSchema = hex<NetworkId>({ length: HASH_BYTES });
export const notaryIdSchema = hex<NotaryId>({ length: HASH_BYTES });
export const leafSchema = hex<Leaf>({ length: HASH_BYTES });
export const bundleHashSchema = hex<BundleHash>({ length: HASH_BYTES });
export const parametersHashSchema = hex<ParametersHash>({ length: HASH_BYTES });

/** An output of an earlier transaction. */
export type StateRef = Infer<typeof stateRefSchema>;
export const stateRefSchema = record({ txId: transactionIdSchema, index: uint({ max: 0xffff }) });

/** `<transaction id>:<index>`, as people and error messages write it. */
export function formatStateRef(ref: StateRef): string {
  return `${ref.txId}:${ref.index}`;
}
