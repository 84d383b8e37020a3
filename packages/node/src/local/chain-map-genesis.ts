import { encode, keyTreeSchema, publicKeySchema } from "@stateset/codec";
import {
  hashParameters,
  type NetworkId,
  type NetworkParameters,
  networkParametersSchema,
  registerParty,
  registrationSchema,
} from "@stateset/ledger";
import { type Genesis, genesisSchema } from "@stateset/network";
import type { MemberNode } from "./member-nodes.ts";
import { registrationOf } from "./network-rules.ts";

/**
 * What a cluster's chain knows of the network from the first: the identities and parameters of the
 * nodes' own map. It is the genesis of its module `networkmap`, in protobuf's JSON.
 *
 * Addresses are those of the first start. A chain judges by names and keys; where nodes listen they
 * read in their map.
 */
export function chainMapGenesis(on: {
  network: NetworkId;
  genesis: Genesis;
  parameters: NetworkParameters;
  nodes: readonly MemberNode[];
}): object {
  const { network, genesis, parameters, nodes } = on;
  const identities = nodes.map((node) => identityOf(network, node));
  return {
    serial: "0",
    network: base64OfHex(network),
    networkGenesis: base64(encode(genesisSchema, genesis)),
    noticeBlocks: NOTICE_BLOCKS,
    identities: identities.sort((a, b) => (a.hex < b.hex ? -1 : 1)).map(({ identity }) => identity),
    parameters: [
      {
        epoch: String(parameters.epoch),
        canonical: base64(encode(networkParametersSchema, parameters)),
        hash: base64OfHex(hashParameters(parameters)),
        approval: "APPROVAL_IN_FORCE",
      },
    ],
  };
}

/** Half an hour at a block a second lies between new parameters and their flag height. */
const NOTICE_BLOCKS = "1800";

function identityOf(network: NetworkId, node: MemberNode) {
  const registration = registrationOf(network, node);
  const { id, name, lei } = registerParty(registration);
  const identity = {
    id: base64OfHex(id),
    registration: base64(encode(registrationSchema, registration)),
    name,
    ...(lei !== undefined && { lei }),
    key: base64(encode(keyTreeSchema, registration.key)),
    roles: [node.role === "notary" ? "ROLE_MEMBER" : "ROLE_NODE"],
    status: "STATUS_ACTIVE",
    address: {
      epoch: "1",
      ...node.p2p,
      tlsKey: base64(encode(publicKeySchema, node.keyStore.tlsKey)),
    },
  };
  return { hex: id as string, identity };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function base64OfHex(hash: string): string {
  return Buffer.from(hash, "hex").toString("base64");
}
