import type { KeyTree, PublicKey, Signature, SignaturePayload } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";

/** Which of a node's keys: its identity's, or the one-time key that belongs to a blinding. */
export type KeyRef = { kind: "identity" } | { kind: "one-time"; blinding: string };

/**
 * Signs with keys that never leave it. One-time keys follow from a secret of the store and the
 * blinding that stands beside them in the state, so that none has to be remembered, and a backup
 * of the store made today spends what is received tomorrow.
 */
export interface Keys {
  readonly identity: IdentityId;
  /** The identity's current key, as registered with the network map. */
  readonly identityKey: KeyTree;
  publicKey(ref: KeyRef): PublicKey;
  sign(ref: KeyRef, payload: SignaturePayload): Promise<Signature>;
  /** A secret number for the purpose: the same bytes every time, unlike any other purpose's. */
  derive(purpose: string): Uint8Array;
}
