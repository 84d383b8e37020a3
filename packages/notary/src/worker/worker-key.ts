import { keyId, type PublicKey, type Signature, type SignaturePayload } from "@stateset/codec";

/** An Ed25519 key that stands in a member set; the secret stays with its keeper. */
export type WorkerKey = {
  publicKey: PublicKey;
  sign(payload: SignaturePayload): Promise<Signature>;
};

/** A signature of another key would be refused by everybody; that is a fault of our set-up. */
export function assertSignedBy({ publicKey }: WorkerKey, signature: Signature): void {
  const isOwn =
    signature.kind !== "composite" &&
    keyId({ kind: signature.kind, key: signature.key }) === keyId(publicKey);
  if (!isOwn) throw new Error("the key that signs is not the worker's");
}

export function isAmong(key: PublicKey, keys: readonly PublicKey[]): boolean {
  return keys.some((each) => keyId(each) === keyId(key));
}
