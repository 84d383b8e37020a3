import {
  type KeyTree,
  type PublicKey,
  publicKeyOf,
  type SecretKey,
  sign,
  taggedHashBytes,
} from "@stateset/codec";
import type { Keys } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";

/** Keys in memory, by the same derivations as a file's. */
export class MemoryKeys implements Keys {
  readonly identity: IdentityId;
  readonly identityKey: KeyTree;
  readonly #secret: SecretKey;

  constructor(identity: IdentityId, secret: SecretKey) {
    this.identity = identity;
    this.identityKey = publicKeyOf(secret);
    this.#secret = secret;
  }

  publicKey(ref: Parameters<Keys["publicKey"]>[0]): PublicKey {
    return publicKeyOf(this.#of(ref));
  }

  async sign(ref: Parameters<Keys["sign"]>[0], payload: Parameters<Keys["sign"]>[1]) {
    return sign(this.#of(ref), payload);
  }

  derive(purpose: string): Uint8Array {
    return taggedHashBytes("node", this.#secret.secret, new TextEncoder().encode(purpose));
  }

  #of(ref: Parameters<Keys["publicKey"]>[0]): SecretKey {
    if (ref.kind === "identity") return this.#secret;
    const secret = taggedHashBytes(
      "one-time-key",
      this.#secret.secret,
      Buffer.from(ref.blinding, "hex"),
    );
    return { kind: "ed25519", secret };
  }
}
