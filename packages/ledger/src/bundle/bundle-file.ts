import {
  bytes,
  encode,
  type Infer,
  list,
  record,
  type SecretKey,
  type Signature,
  sign,
  signatureSchema,
} from "@stateset/codec";
import { decodeOrRefuse } from "../decode-or-refuse.ts";
import { type AttachedBundle, bundleSignaturePayload, hashBundle } from "./bundle.ts";
import { loadBundle } from "./load-bundle.ts";

const BUNDLE_BYTES_MAX = 2 << 20;
const SIGNATURES_MAX = 16;

/** A bundle with the signatures of those who vouch for it: how bundles lie in files and travel. */
export const bundleFileSchema = record({
  bundle: bytes({ min: 1, max: BUNDLE_BYTES_MAX }),
  signatures: list(signatureSchema, { max: SIGNATURES_MAX }),
});
export type BundleFile = Infer<typeof bundleFileSchema>;

/** Signed bytes of a bundle, with one more signature. */
export function signBundle(bundle: Uint8Array, ...keys: SecretKey[]): BundleFile {
  const payload = bundleSignaturePayload(hashBundle(bundle));
  return { bundle, signatures: keys.map((key): Signature => sign(key, payload)) };
}

export function encodeBundleFile(file: BundleFile): Uint8Array {
  return encode(bundleFileSchema, file);
}

/** @throws LedgerError `bundle/malformed`, `bundle/unsafe-authority` */
export function loadBundleFile(file: BundleFile): AttachedBundle {
  return { ...loadBundle(file.bundle), signatures: file.signatures };
}

/** @throws LedgerError `bundle/malformed`, `bundle/unsafe-authority` */
export function decodeBundleFile(encoded: Uint8Array): AttachedBundle {
  return loadBundleFile(
    decodeOrRefuse(bundleFileSchema, encoded, (reason) => ({ code: "bundle/malformed", reason })),
  );
}
