import { publicKeyOf } from "@stateset/codec";
import { vmParameters } from "@stateset/contract-vm";
import type { NetworkId, NetworkParameters, Registration } from "@stateset/ledger";
import type { Genesis } from "@stateset/network";
import type { Authorities } from "./authorities.ts";
import type { MemberNode } from "./member-nodes.ts";

/** What a local network begins with. */
export function genesisOf({ certificates, map, uniqueKeySalt }: Authorities): Genesis {
  return {
    name: "local",
    rootCertificate: certificates.rootCertificate,
    mapAuthority: publicKeyOf(map),
    salt: uniqueKeySalt,
  };
}

/** The rules of its transactions. */
export function parametersOf(
  network: NetworkId,
  { author, uniqueKeySalt }: Authorities,
): NetworkParameters {
  const key = publicKeyOf(author);
  return {
    network,
    epoch: 0,
    vm: vmParameters(),
    approvedContracts: [],
    contractOwners: ["cash", "invoice", "receivable"].map((contract) => ({ contract, key })),
    uniqueKeySalt,
  };
}

/** How one of its nodes is registered; the identity's id is the hash of this. */
export function registrationOf(
  network: NetworkId,
  { legalName: name, lei, keyStore }: Pick<MemberNode, "legalName" | "lei" | "keyStore">,
): Registration {
  return { network, name, ...(lei !== undefined && { lei }), key: keyStore.identityKey };
}
