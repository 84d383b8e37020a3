import { createPrivateKey, hkdfSync, randomBytes } from "node:crypto";
import {
  bytes,
  CodecError,
  decode,
  encode,
  fromHex,
  type KeyTree,
  keyId,
  type PublicKey,
  publicKeyOf,
  record,
  type SecretKey,
  type Signature,
  type SignaturePayload,
  sign,
  taggedHashBytes,
} from "@stateset/codec";
import type { KeyRef, Keys } from "@stateset/flow";
import type { IdentityId } from "@stateset/ledger";
import { KeyStoreError } from "./key-store-error.ts";
import {
  decryptWithPassword,
  ENCRYPTED_FILE_BYTES_MAX,
  type EncryptedFile,
  encryptWithPassword,
  readEncryptedFile,
} from "./password-cipher.ts";
import { createSecretFile, readSecretFile } from "./secret-file.ts";

const SECRET_BYTES = 32;
const PASSWORD_CHARACTERS_MIN = 8;
/** One-time keys are used a few times in a row: when made, when consented to, when spent. */
const ONE_TIME_KEYS_CACHED_MAX = 1024;
/** RFC 8410: what precedes the 32 bytes of an Ed25519 secret key. */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

const contentSchema = record({ master: bytes({ min: SECRET_BYTES, max: SECRET_BYTES }) });

export type KeyStoreOptions = {
  path: string;
  password: string;
  /** Of scrypt, as a power of two from 14 to 20, when the file is made; tests take the least. */
  costLog2?: number;
};

/**
 * Makes a key store with new keys.
 * @throws KeyStoreError `keys/exists`, `keys/weak-password`
 */
export async function createKeyStore(options: KeyStoreOptions): Promise<FileKeyStore> {
  const { path, password, costLog2 } = options;
  const found = [...password].length;
  if (found < PASSWORD_CHARACTERS_MIN)
    throw new KeyStoreError({ code: "keys/weak-password", found, min: PASSWORD_CHARACTERS_MIN });
  const master = Uint8Array.from(randomBytes(SECRET_BYTES));
  const file = await encryptWithPassword(encode(contentSchema, { master }), password, costLog2);
  await createSecretFile(path, file);
  return new FileKeyStore(path, master);
}

/** @throws KeyStoreError with what is wrong with the file, or `keys/wrong-password` */
export async function openKeyStore(options: {
  path: string;
  password: string;
}): Promise<FileKeyStore> {
  const { path, password } = options;
  const file = parse(path, await readSecretFile(path, ENCRYPTED_FILE_BYTES_MAX));
  const content = await decryptWithPassword(file, password);
  if (content === undefined) throw new KeyStoreError({ code: "keys/wrong-password", path });
  return new FileKeyStore(path, decode(contentSchema, content).master);
}

/**
 * A node's keys, all of which follow from one secret: the identity's, that of its TLS certificate,
 * and a one-time key for each blinding.
 */
export class FileKeyStore {
  readonly path: string;
  /** What the identity is registered with. */
  readonly identityKey: PublicKey;
  /** What the node's TLS certificate is issued for. */
  readonly tlsKey: PublicKey;
  readonly #master: Uint8Array;
  readonly #identity: SecretKey;
  readonly #tls: SecretKey;
  readonly #oneTimeSecret: Uint8Array;
  readonly #oneTimeKeys = new Map<string, SecretKey>();

  constructor(path: string, master: Uint8Array) {
    this.path = path;
    this.#master = master;
    this.#identity = ed25519(deriveFrom(master, "identity key"));
    this.#tls = ed25519(deriveFrom(master, "tls key"));
    this.#oneTimeSecret = deriveFrom(master, "one-time keys");
    this.identityKey = publicKeyOf(this.#identity);
    this.tlsKey = publicKeyOf(this.#tls);
  }

  /**
   * The keys of an identity, once registered.
   * @throws KeyStoreError `keys/wrong-identity-key` where the network map has another key for it
   */
  as(identity: IdentityId, registered: KeyTree = this.identityKey): Keys {
    const own = keyId(this.identityKey);
    const found = registered.kind === "threshold" ? "threshold" : keyId(registered);
    if (found !== own)
      throw new KeyStoreError({
        code: "keys/wrong-identity-key",
        identity,
        expected: found,
        found: own,
      });
    return {
      identity,
      identityKey: this.identityKey,
      publicKey: (ref) => publicKeyOf(this.#secretKey(ref)),
      sign: async (ref, payload) => this.sign(ref, payload),
      derive: (purpose) => this.derive(purpose),
    };
  }

  sign(ref: KeyRef, payload: SignaturePayload): Signature {
    return sign(this.#secretKey(ref), payload);
  }

  /** 32 secret bytes for a purpose, the same every time. */
  derive(purpose: string): Uint8Array {
    return deriveFrom(this.#master, `derived: ${purpose}`);
  }

  /** PEM, for node:tls, which signs handshakes itself: the one private key that leaves the store. */
  tlsPrivateKey(): string {
    const key = Buffer.concat([ED25519_PKCS8, this.#tls.secret]);
    const object = createPrivateKey({ key, format: "der", type: "pkcs8" });
    return object.export({ format: "pem", type: "pkcs8" }).toString();
  }

  #secretKey(ref: KeyRef): SecretKey {
    return ref.kind === "identity" ? this.#identity : this.#oneTimeKey(ref.blinding);
  }

  /** The same object again, as the codec keeps the platform's key beside it. */
  #oneTimeKey(blinding: string): SecretKey {
    const cached = this.#oneTimeKeys.get(blinding);
    if (cached !== undefined) return cached;
    const key = ed25519(taggedHashBytes("one-time-key", this.#oneTimeSecret, fromHex(blinding)));
    const [oldest] = this.#oneTimeKeys.keys();
    if (oldest !== undefined && this.#oneTimeKeys.size >= ONE_TIME_KEYS_CACHED_MAX)
      this.#oneTimeKeys.delete(oldest);
    this.#oneTimeKeys.set(blinding, key);
    return key;
  }
}

function parse(path: string, content: Uint8Array): EncryptedFile {
  try {
    return readEncryptedFile(content);
  } catch (error) {
    if (!(error instanceof CodecError || error instanceof RangeError)) throw error;
    throw new KeyStoreError(
      { code: "keys/malformed", path, reason: error.message },
      { cause: error },
    );
  }
}

function ed25519(secret: Uint8Array): SecretKey {
  return { kind: "ed25519", secret };
}

/** HKDF (RFC 5869): knowing what was derived for one purpose says nothing about another's. */
function deriveFrom(master: Uint8Array, purpose: string): Uint8Array {
  const salt = new Uint8Array();
  return new Uint8Array(hkdfSync("sha256", master, salt, `stateset/0/${purpose}`, SECRET_BYTES));
}
