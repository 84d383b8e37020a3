import {
  bytes,
  encode,
  fromHex,
  HASH_BYTES,
  hex,
  type Infer,
  keyId,
  list,
  merklePath,
  merkleRoot,
  optional,
  record,
  rootFromPath,
  type SecretKey,
  type Signature,
  type SignaturePayload,
  sign,
  signatureSchema,
  signingKeys,
  taggedHash,
  toHex,
  uint,
  verifySignature,
} from "@stateset/codec";
import { decodeOrRefuse } from "../decode-or-refuse.ts";
import { LedgerError } from "../ledger-error.ts";
import { TRANSACTION_BYTES_MAX } from "./groups.ts";
import type { NetworkId, TransactionId } from "./ids.ts";
import { decodeTransaction, encodeTransaction, type Transaction } from "./transaction.ts";

const SIGNATURES_MAX = 128;
/** Of single keys, those inside composite signatures counted: each costs a verification. */
const KEYS_MAX = 256;
const BATCH_PATH_MAX = 20;
/** A composite signature of 32 keys takes some 6 KB. */
const SIGNATURES_BYTES_MAX = 1 << 20;
export const SIGNED_BYTES_MAX = TRANSACTION_BYTES_MAX + SIGNATURES_BYTES_MAX;

/** A signature over the id itself, or over the root of a batch of ids with the path to this one. */
export const transactionSignatureSchema = record({
  by: signatureSchema,
  platformVersion: uint({ max: 0xffff_ffff }),
  batch: optional(
    record({
      index: uint({ max: 0xfffff }),
      size: uint({ min: 1, max: 0x10_0000 }),
      path: list(hex({ length: HASH_BYTES }), { max: BATCH_PATH_MAX }),
    }),
  ),
});
export type TransactionSignature = Infer<typeof transactionSignatureSchema>;

const signedTransactionSchema = record({
  transaction: bytes({ min: 1, max: TRANSACTION_BYTES_MAX }),
  signatures: list(transactionSignatureSchema, { max: SIGNATURES_MAX }),
});

/** A transaction with the signatures gathered so far. */
export type SignedTransaction = {
  transaction: Transaction;
  signatures: readonly TransactionSignature[];
};

const PLATFORM_VERSION = 1;

export function encodeSignedTransaction(signed: SignedTransaction): Uint8Array {
  return encode(signedTransactionSchema, {
    transaction: encodeTransaction(signed.transaction),
    signatures: [...signed.signatures],
  });
}

/** @throws LedgerError as `decodeTransaction` */
export function decodeSignedTransaction(encoded: Uint8Array): SignedTransaction {
  if (encoded.length > SIGNED_BYTES_MAX)
    throw new LedgerError({ code: "tx/too-large", bytes: encoded.length, max: SIGNED_BYTES_MAX });
  const { transaction, signatures } = decodeOrRefuse(
    signedTransactionSchema,
    encoded,
    (reason) => ({
      code: "tx/malformed",
      reason,
    }),
  );
  const bytes = encoded.length - transaction.length;
  if (bytes > SIGNATURES_BYTES_MAX)
    throw new LedgerError({ code: "tx/too-large", bytes, max: SIGNATURES_BYTES_MAX });
  return { transaction: decodeTransaction(transaction), signatures };
}

export function signTransaction(
  key: SecretKey,
  network: NetworkId,
  id: TransactionId,
): TransactionSignature {
  return transactionSignature(sign(key, transactionPayload(network, id)));
}

/** What a key held elsewhere signs of a transaction; see `transactionSignature`. */
export function transactionPayload(network: NetworkId, id: TransactionId): SignaturePayload {
  return payload("transaction", network, id, PLATFORM_VERSION);
}

/** A signature over `transactionPayload` as it stands beside the transaction. */
export function transactionSignature(by: Signature): TransactionSignature {
  return { by, platformVersion: PLATFORM_VERSION };
}

/** One signing operation for many transactions; each gets its own path. */
export function signTransactionBatch(
  key: SecretKey,
  network: NetworkId,
  ids: readonly TransactionId[],
): TransactionSignature[] {
  const leaves = ids.map(fromHex);
  const root = taggedHash("batch", merkleRoot(leaves));
  const by = sign(key, payload("transaction-batch", network, root, PLATFORM_VERSION));
  return ids.map((_, index) => ({
    by,
    platformVersion: PLATFORM_VERSION,
    batch: { index, size: ids.length, path: merklePath(leaves, index).map(toHex) },
  }));
}

export function isTransactionSignatureValid(
  signature: TransactionSignature,
  network: NetworkId,
  id: TransactionId,
): boolean {
  const { by, batch, platformVersion } = signature;
  if (batch === undefined)
    return verifySignature(by, payload("transaction", network, id, platformVersion));
  const root = rootFromPath(fromHex(id), batch, batch.path.map(fromHex));
  if (root === undefined) return false;
  const signed = taggedHash("batch", root);
  return verifySignature(by, payload("transaction-batch", network, signed, platformVersion));
}

/**
 * The keys with a valid signature. An invalid signature is never passed over, since it would become
 * part of the record.
 * @throws LedgerError `tx/too-many-signatures`, `tx/signature-invalid`
 */
export function keysThatSigned(
  signed: SignedTransaction,
  network: NetworkId,
  id: TransactionId,
): Set<string> {
  const all = signed.signatures.flatMap(({ by }) => signingKeys(by));
  if (all.length > KEYS_MAX)
    throw new LedgerError({ code: "tx/too-many-signatures", found: all.length, max: KEYS_MAX });
  const keys = new Set<string>();
  for (const [index, signature] of signed.signatures.entries()) {
    if (!isTransactionSignatureValid(signature, network, id))
      throw new LedgerError({ code: "tx/signature-invalid", index });
    for (const key of signingKeys(signature.by)) keys.add(keyId(key));
  }
  return keys;
}

function payload(
  purpose: "transaction" | "transaction-batch",
  network: NetworkId,
  hash: string,
  platformVersion: number,
): SignaturePayload {
  return {
    purpose,
    networkId: network,
    metadata: { platformVersion },
    hash,
  };
}
