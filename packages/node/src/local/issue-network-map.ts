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
import {
  hashParameters,
  type MemberSet,
  type NetworkId,
  type NotaryId,
  registerParty,
} from "@stateset/ledger";
import { encodeNetworkMap, loadNetworkMap, NetworkMapError, networkIdOf } from "@stateset/network";
import { RequestError } from "../request-error.ts";
import type { Authorities } from "./authorities.ts";
import { NOTARY } from "./legal-name.ts";
import type { MemberNode } from "./member-nodes.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { genesisOf, parametersOf, registrationOf } from "./network-rules.ts";
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
  { authorities, cluster }: { authorities: Authorities; cluster?: MemberSet },
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
  const notaries = [notaryOf(network, nodes.filter(isNotary), cluster)];
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
    throw otherVersion(folder);
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

function isNotary({ role }: MemberNode): boolean {
  return role === "notary";
}

/** The nodes stand in the order of the members. */
function notaryOf(network: NetworkId, nodes: readonly MemberNode[], cluster?: MemberSet) {
  const genesis = cluster ?? embeddedGenesis(network, nodes);
  const identities = nodes.map((node) => registerParty(registrationOf(network, node)).id);
  const kind = "non-validating" as const;
  return { id: genesis.cluster, name: NOTARY, identities, kind, genesis, changes: [] };
}

/** An embedded notary signs with the identity key of its node. */
function embeddedGenesis(network: NetworkId, nodes: readonly MemberNode[]): MemberSet {
  const members = nodes.map(({ keyStore }) => keyStore.identityKey);
  const start = encode(clusterGenesisSchema, { network, name: NOTARY, quorum: 1, members });
  return {
    cluster: taggedHash("cluster", start) as string as NotaryId,
    epoch: 0,
    quorum: 1,
    members,
  };
}

function otherVersion(folder: NetworkFolder): RequestError {
  return new RequestError(
    "network/other-version",
    `The network in ${folder.root} was made by another version of this software, under other ` +
      "rules: name another --dir, or remove it with stateset clean",
    { folder: folder.root },
  );
}

async function lastMap(folder: NetworkFolder, network: NetworkId, { map }: Authorities) {
  if (!existsSync(folder.networkMap)) return undefined;
  const trust = { network, authority: publicKeyOf(map) };
  try {
    return await loadNetworkMap({ path: folder.networkMap, trust, log: () => {} });
  } catch (error) {
    // Whole and yet not of this version's form.
    if (error instanceof NetworkMapError && error.code === "network-map/malformed")
      throw otherVersion(folder);
    throw error;
  }
}
