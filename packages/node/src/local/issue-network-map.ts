import { existsSync, readFileSync } from "node:fs";
import {
  encode,
  HASH_BYTES,
  hex,
  list,
  publicKeyOf,
  publicKeySchema,
  record,
  sign,
  taggedHash,
  text,
  uint,
} from "@stateset/codec";
import { vmParameters } from "@stateset/contract-vm";
import {
  hashParameters,
  type MemberSet,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type Registration,
  registerParty,
} from "@stateset/ledger";
import { encodeNetworkMap, type Genesis, loadNetworkMap, networkIdOf } from "@stateset/network";
import { RequestError } from "../request-error.ts";
import type { Authorities } from "./authorities.ts";
import type { MemberNode } from "./member-nodes.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { writeSecretFile } from "./secret-file.ts";

/** What a cluster of one member begins with; its hash is the cluster's name. */
const clusterGenesisSchema = record({
  network: hex<NetworkId>({ length: HASH_BYTES }),
  name: text({ min: 1, max: 128 }),
  quorum: uint({ min: 1, max: 1 }),
  members: list(publicKeySchema, { min: 1, max: 1 }),
});

/**
 * Signs the map of a local network and gives each node its certificate. A map that would say what
 * the last one said stays as it is.
 * @throws RequestError `network/other-version`
 */
export async function issueNetworkMap(
  folder: NetworkFolder,
  nodes: readonly MemberNode[],
  authorities: Authorities,
): Promise<NetworkId> {
  const genesis = genesisOf(authorities);
  const network = networkIdOf(genesis);
  const parameters = parametersOf(network, authorities);
  const current = hashParameters(parameters);
  const parties = nodes.map((node) => ({
    registration: registrationOf(network, node),
    key: node.keyStore.identityKey,
    address: node.p2p,
    tlsKey: node.keyStore.tlsKey,
  }));
  const notaries = nodes
    .filter(({ role }) => role === "notary")
    .map((node) => notaryOf(network, node));
  const mapOf = (serial: number): Uint8Array => {
    const content = { genesis, serial, parties, notaries, parameters: [parameters], current };
    return encodeNetworkMap(content, (payload) => sign(authorities.map, payload));
  };
  const last = await lastMap(folder, network, authorities);
  const isOurs = ({ id }: { id: NotaryId }) => notaries.some((each) => each.id === id);
  if (
    last !== undefined &&
    !(hashParameters(last.current) === current && last.notaries().every(isOurs))
  )
    throw new RequestError(
      "network/other-version",
      `The network in ${folder.root} was made by another version of this software, under other ` +
        "rules: name another --dir, or remove it with stateset clean",
      { folder: folder.root },
    );
  const serial = last?.serial ?? 0;
  const isSame =
    last !== undefined && Buffer.compare(readFileSync(folder.networkMap), mapOf(serial)) === 0;
  if (!isSame) writeSecretFile(folder.networkMap, mapOf(last === undefined ? 0 : serial + 1));
  for (const node of nodes) {
    const { certificates, validity } = authorities;
    const { id: identity } = registerParty(registrationOf(network, node));
    const { legalName: name, keyStore, folder: own } = node;
    const request = { identity, name, key: keyStore.tlsKey, ...validity };
    writeSecretFile(own.certificate, certificates.issue(request));
  }
  return network;
}

function genesisOf({ certificates, map, uniqueKeySalt }: Authorities): Genesis {
  return {
    name: "local",
    rootCertificate: certificates.rootCertificate,
    mapAuthority: publicKeyOf(map),
    salt: uniqueKeySalt,
  };
}

function parametersOf(
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

function registrationOf(
  network: NetworkId,
  { legalName: name, lei, keyStore }: MemberNode,
): Registration {
  return { network, name, ...(lei !== undefined && { lei }), key: keyStore.identityKey };
}

function notaryOf(network: NetworkId, node: MemberNode) {
  const { name, keyStore } = node;
  const members = [keyStore.identityKey];
  const start = encode(clusterGenesisSchema, { network, name, quorum: 1, members });
  const id = taggedHash("cluster", start) as string as NotaryId;
  const genesis: MemberSet = { cluster: id, epoch: 0, quorum: 1, members };
  const { id: identity } = registerParty(registrationOf(network, node));
  return { id, name, identity, kind: "non-validating" as const, genesis, changes: [] };
}

async function lastMap(folder: NetworkFolder, network: NetworkId, { map }: Authorities) {
  if (!existsSync(folder.networkMap)) return undefined;
  const trust = { network, authority: publicKeyOf(map) };
  return await loadNetworkMap({ path: folder.networkMap, trust, log: () => {} });
}
