import {
  type Hash,
  isKeyTree,
  isKeyTreeSatisfied,
  type KeyTree,
  keyId,
  type PublicKey,
  signingKeys,
  verifySignature,
} from "@stateset/codec";
import { type AppFile, appSignaturePayload, hashApp } from "./app-bundle.ts";
import { AppError } from "./app-error.ts";
import { type ReadApp, readApp } from "./read-app.ts";

/**
 * An app that somebody trusted vouches for, read and checked, none of its code run. Signatures come
 * first: of what nobody trusted signed, nothing is even decoded.
 * @throws AppError `app/unsigned`, `app/untrusted-signer`, and those of `readApp`
 */
export function openApp(file: AppFile, trusted: readonly KeyTree[]): ReadApp {
  const hash = hashApp(file.app);
  const signers = appSigners(file, hash);
  if (signers.length === 0) throw new AppError({ code: "app/unsigned", app: hash });
  const signed = new Set(signers.map(keyId));
  const speaksFor = (tree: KeyTree) =>
    isKeyTree(tree) && isKeyTreeSatisfied(tree, (key) => signed.has(keyId(key)));
  if (!trusted.some(speaksFor))
    throw new AppError({ code: "app/untrusted-signer", app: hash, signers: [...signed] });
  return readApp(file.app);
}

/** The keys whose signatures of the app are valid, each once. */
export function appSigners(file: AppFile, hash: Hash = hashApp(file.app)): PublicKey[] {
  const payload = appSignaturePayload(hash);
  const keys = file.signatures
    .filter((signature) => verifySignature(signature, payload))
    .flatMap(signingKeys);
  return [...new Map(keys.map((key) => [keyId(key), key])).values()];
}
