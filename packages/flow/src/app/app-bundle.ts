import {
  bytes,
  CodecError,
  decode,
  encode,
  HASH_BYTES,
  type Hash,
  type Infer,
  list,
  record,
  type SecretKey,
  type Signature,
  type SignaturePayload,
  sign,
  signatureSchema,
  taggedHash,
  text,
  uint,
} from "@stateset/codec";
import { bundleFileSchema } from "@stateset/ledger";
import { AppError } from "./app-error.ts";
import { MANIFEST_FIELDS } from "./app-manifest.ts";

/** Eight times what an app with all core flows in it takes; a node parses it at every start. */
const CODE_BYTES_MAX = 4 << 20;
/** Code and contracts together, so that an app fits where other attachments do. */
const APP_BYTES_MAX = 16 << 20;
const SIGNATURES_MAX = 16;

/**
 * An app as it is signed and installed: its manifest, the contracts that it builds with, and the
 * code of its flows. The hash covers all of it.
 */
export const appBundleSchema = record({
  format: uint({ max: 0 }),
  ...MANIFEST_FIELDS,
  /** With all their signatures, as they go with transactions. */
  contracts: list(bundleFileSchema, { min: 1, max: 16 }),
  /** One ECMAScript module without imports, whose default export is the app. */
  code: text({ min: 1, max: CODE_BYTES_MAX }),
});
export type AppBundle = Infer<typeof appBundleSchema>;

/** An app with the signatures of those who vouch for it: how apps lie in files. */
export type AppFile = Infer<typeof appFileSchema>;
const appFileSchema = record({
  app: bytes({ min: 1, max: APP_BYTES_MAX }),
  signatures: list(signatureSchema, { max: SIGNATURES_MAX }),
});

/** @throws AppError `app/malformed` where something is empty, too long or too many */
export function encodeAppBundle(bundle: AppBundle): Uint8Array {
  return orRefuse(() => encode(appBundleSchema, bundle));
}

export function hashApp(app: Uint8Array): Hash {
  return taggedHash("app", app);
}

/** What vouches for an app; its hash has a tag of its own, so no signature of a contract counts. */
export function appSignaturePayload(hash: Hash): SignaturePayload {
  return {
    purpose: "bundle",
    networkId: "0".repeat(2 * HASH_BYTES),
    metadata: { platformVersion: 0 },
    hash,
  };
}

export function signApp(app: Uint8Array, ...keys: SecretKey[]): AppFile {
  const payload = appSignaturePayload(hashApp(app));
  return { app, signatures: keys.map((key): Signature => sign(key, payload)) };
}

export function encodeAppFile(file: AppFile): Uint8Array {
  return encode(appFileSchema, file);
}

/** @throws AppError `app/malformed` */
export function decodeAppFile(encoded: Uint8Array): AppFile {
  return orRefuse(() => decode(appFileSchema, encoded));
}

/** @throws AppError `app/malformed` */
export function decodeAppBundle(encoded: Uint8Array): AppBundle {
  return orRefuse(() => decode(appBundleSchema, encoded));
}

function orRefuse<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new AppError({ code: "app/malformed", reason: error.message });
  }
}
