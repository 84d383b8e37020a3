import {
  compositeSignature,
  type KeyTree,
  type SecretKey,
  type SignaturePayload,
  sign,
} from "@stateset/codec";
import {
  type Transaction,
  type TransactionSignature,
  transactionId,
  transactionPayload,
  transactionSignature,
} from "@stateset/ledger";
import { keysOf } from "./authorities.ts";
import { NETWORK } from "./sample-world.ts";
import type { Scene } from "./scene.ts";

/** The signature of a threshold key by some of its keys. */
export function compositeBy(
  tree: KeyTree,
  keys: readonly SecretKey[],
  transaction: Transaction,
): TransactionSignature {
  const payload = transactionPayload(NETWORK, transactionId(transaction));
  const signatures = keys.map((key) => sign(key, payload));
  return transactionSignature(compositeSignature(tree, signatures));
}

/** A signature over a payload that differs in something. */
export function signedOtherwise(
  key: SecretKey,
  transaction: Transaction,
  change: Partial<SignaturePayload>,
): TransactionSignature {
  const payload = transactionPayload(NETWORK, transactionId(transaction));
  return transactionSignature(sign(key, { ...payload, ...change }));
}

const COMPOSITE_KEYS = 32;

/** Composite signatures of 32 keys each, and single ones for what is left. */
export function signaturesOfKeys(
  scene: Scene,
  transaction: Transaction,
  count: number,
): TransactionSignature[] {
  const composites = Array.from({ length: Math.floor(count / COMPOSITE_KEYS) }, () => {
    const keys = Array.from({ length: COMPOSITE_KEYS }, () => scene.key());
    return compositeBy(keysOf(COMPOSITE_KEYS, keys), keys, transaction);
  });
  const rest = Array.from({ length: count % COMPOSITE_KEYS }, () => scene.key());
  return [...composites, ...scene.sign(transaction, ...rest).signatures];
}
