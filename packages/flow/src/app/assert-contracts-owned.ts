import { isKeyTreeSatisfied, keyId, signingKeys, verifySignature } from "@stateset/codec";
import { bundleSignaturePayload, type NetworkParameters } from "@stateset/ledger";
import { AppError } from "./app-error.ts";
import type { ReadApp } from "./read-app.ts";

/**
 * That whoever the network gave a contract's name to signed the contract. Every transaction of an
 * app where this does not hold would be refused, so it is better not installed.
 * @throws AppError `app/contract-not-owned`
 */
export function assertContractsOwned({ contracts }: ReadApp, parameters: NetworkParameters): void {
  for (const { hash, bundle, signatures } of contracts) {
    const owner = parameters.contractOwners.find(({ contract }) => contract === bundle.name);
    if (owner === undefined) continue;
    const payload = bundleSignaturePayload(hash);
    const valid = signatures.filter((signature) => verifySignature(signature, payload));
    const signed = new Set(valid.flatMap(signingKeys).map(keyId));
    if (!isKeyTreeSatisfied(owner.key, (key) => signed.has(keyId(key))))
      throw new AppError({ code: "app/contract-not-owned", contract: bundle.name, bundle: hash });
  }
}
