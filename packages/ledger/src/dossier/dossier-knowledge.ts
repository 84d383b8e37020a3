import type { KeyTree } from "@stateset/codec";
import type { AttachedBundle } from "../bundle/bundle.ts";
import { loadBundleFile } from "../bundle/bundle-file.ts";
import { LedgerError } from "../ledger-error.ts";
import { hashParameters, type NetworkParameters } from "../parameters.ts";
import { registerParty } from "../party/party.ts";
import type { IdentityId, Party } from "../party/party-schema.ts";
import type { BundleHash, NetworkId, ParametersHash } from "../transaction/ids.ts";
import type { VerifyContext } from "../verify/verify-context.ts";
import type { Dossier } from "./dossier.ts";

/**
 * What a dossier tells besides its transactions. Everything is looked up by its own hash, so that
 * nothing in it can stand for anything else.
 * @throws LedgerError where parameters, bundles or registrations are not valid
 */
export function dossierKnowledge(dossier: Dossier): Omit<VerifyContext, "resolve" | "contracts"> {
  const network = dossier.parameters[0]?.network as NetworkId;
  const parameters = new Map<ParametersHash, NetworkParameters>();
  for (const version of dossier.parameters) {
    if (version.network !== network)
      throw new LedgerError({
        code: "tx/wrong-network",
        expected: network,
        found: version.network,
      });
    parameters.set(hashParameters(version), version);
  }
  const bundles = new Map<BundleHash, AttachedBundle>();
  for (const file of dossier.bundles) {
    const bundle = loadBundleFile(file);
    bundles.set(bundle.hash, bundle);
  }
  const parties = new Map<IdentityId, { party: Party; key: KeyTree }>();
  for (const registration of dossier.registrations) {
    const party = registerParty(registration);
    if (registration.network === network) parties.set(party.id, { party, key: registration.key });
  }
  return {
    network,
    parameters: (hash) => parameters.get(hash),
    bundle: (hash) => bundles.get(hash),
    identityKey: (identity) => parties.get(identity)?.key,
    party: (identity) => parties.get(identity)?.party,
  };
}
