import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type PublicKey, publicKeyOf, type SecretKey } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";
import { issueCertificate } from "./certificate.ts";

type Ed25519PublicKey = PublicKey & { kind: "ed25519" };

/** RFC 8410: what precedes the 32 bytes of an Ed25519 secret key. */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

export type Validity = { validFrom: number; validUntil: number };

/**
 * A network's certificate authority whose key is in memory: for development and tests. In
 * production, certificates are issued elsewhere, upon requests that nodes sign.
 */
export class DevelopmentAuthority {
  readonly name: string;
  /** DER; the network's genesis names it. */
  readonly rootCertificate: Uint8Array;
  readonly #key: KeyObject;
  readonly #publicKey: Ed25519PublicKey;

  /** The same options give the same certificates. The key must be an Ed25519 key. */
  constructor({ name, key, ...validity }: { name: string; key: SecretKey } & Validity) {
    this.name = name;
    const der = Buffer.concat([ED25519_PKCS8, key.secret]);
    this.#key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    this.#publicKey = ed25519Key(publicKeyOf(key));
    this.rootCertificate = this.#issue({ subject: name, key: this.#publicKey, ...validity });
  }

  /**
   * A certificate in PEM for the TLS key of an identity's node. Times are milliseconds since 1970.
   * @throws LedgerError `party/bad-name`
   */
  issue(request: { identity: IdentityId; name: string; key: PublicKey } & Validity): string {
    const { name: subject, key, ...rest } = request;
    return new X509Certificate(this.#issue({ subject, key: ed25519Key(key), ...rest })).toString();
  }

  #issue(
    content: { subject: string; key: Ed25519PublicKey; identity?: IdentityId } & Validity,
  ): Uint8Array {
    const issuer = { issuer: this.name, issuerKey: this.#publicKey };
    return issueCertificate({ ...content, ...issuer }, this.#key);
  }
}

function ed25519Key(key: PublicKey): Ed25519PublicKey {
  if (key.kind !== "ed25519")
    throw new TypeError(`certificates hold Ed25519 keys, not ${key.kind}`);
  return { kind: key.kind, key: key.key };
}
