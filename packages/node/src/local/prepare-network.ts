import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { encodeAppFile, type Log } from "@stateset/flow";
import type { NetworkId } from "@stateset/ledger";
import { networkIdOf } from "@stateset/network";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@stateset/vault";
import { signToken } from "../access/sign-token.ts";
import type { NodeConfig } from "../config/node-config.ts";
import { type Authorities, openAuthorities, publicHex } from "./authorities.ts";
import { builtApps } from "./built-apps.ts";
import { chainMapGenesis } from "./chain-map-genesis.ts";
import { Ports } from "./choose-ports.ts";
import { issueNetworkMap } from "./issue-network-map.ts";
import { type LocalNotary, notaryNames } from "./local-notary.ts";
import { type MemberNode, openMemberNodes, PORTS_OF_NODE } from "./member-nodes.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { type LocalParty, writeMarker } from "./network-marker.ts";
import { genesisOf, parametersOf } from "./network-rules.ts";
import { type ClusterMember, type LocalCluster, openCluster } from "./open-cluster.ts";
import { makeOwnFolder, writeSecretFile } from "./secret-file.ts";

/** The apps of a local network. */
const APPS = ["cash", "invoice", "receivable"];
/** Of tokens; they are made anew at every start, and the ones before end with the secret. */
const TOKEN_LIFETIME_SECONDS = 30 * 86_400;

export type PreparedNode = MemberNode & {
  token: string;
  /** Absent where the node has none: a cluster's worker keeps nothing there. */
  databaseUrl?: string;
  /** The cluster's member that the node works for. */
  member?: ClusterMember;
};

export type PreparedNetwork = {
  /** The notary, or its members, first. */
  nodes: PreparedNode[];
  /** Absent where the databases are elsewhere. */
  postgres?: EmbeddedPostgres;
  cluster?: LocalCluster;
};

export type NetworkPlan = {
  parties: readonly LocalParty[];
  notary: LocalNotary;
  /** Of a cluster: the program of its members. */
  notaryd?: string;
  basePort?: number;
  database?: (node: string) => Promise<string>;
  log: Log;
};

/**
 * Makes what a local network lacks: keys, certificates, map, database server, apps, configurations.
 * What is there stays as it is, but for ports that others took, and for tokens.
 */
export async function prepareNetwork(
  folder: NetworkFolder,
  plan: NetworkPlan,
): Promise<PreparedNetwork> {
  const { parties, notary, basePort, database, log } = plan;
  makeOwnFolder(folder.root);
  writeMarker(folder, { parties, notary });
  const authorities = openAuthorities(folder);
  const starting =
    database === undefined ? startEmbeddedPostgres({ folder: folder.postgres, log }) : undefined;
  const ports = new Ports();
  const notaries = notaryNames(notary);
  const [members] = await Promise.all([
    openMemberNodes(folder, { notaries, parties, ports, basePort }),
    installApps(folder, authorities),
    starting,
  ]).catch(async (error) => {
    // What was being started must not be left running, nor still writing to the folder.
    await starting?.then((postgres) => postgres.stop()).catch(() => {});
    throw error;
  });
  const postgres = await starting;
  const databaseOf = database ?? ((node) => (postgres as EmbeddedPostgres).createDatabase(node));
  try {
    const cluster = await clusterOf(folder, plan, { authorities, nodes: members, ports });
    const of = { authorities, ...(cluster && { cluster: cluster.genesis }) };
    const network = await issueNetworkMap(folder, members, of);
    const nodes = await Promise.all(
      members.map((node, index) => {
        const member = cluster?.members[index];
        return configure(folder, {
          node,
          network,
          authorities,
          databaseOf,
          ...(member && { member }),
        });
      }),
    );
    return { nodes, ...(postgres && { postgres }), ...(cluster && { cluster }) };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

async function clusterOf(
  folder: NetworkFolder,
  { notary, notaryd, basePort }: NetworkPlan,
  on: { authorities: Authorities; nodes: readonly MemberNode[]; ports: Ports },
): Promise<LocalCluster | undefined> {
  if (notary.kind === "embedded") return undefined;
  if (notaryd === undefined) throw new Error("a cluster needs the program of its members");
  const { authorities, nodes, ports } = on;
  const genesis = genesisOf(authorities);
  const network = networkIdOf(genesis);
  const parameters = parametersOf(network, authorities);
  return await openCluster(folder, {
    ...{ network, ports },
    program: notaryd,
    members: notary.members,
    mapGenesis: chainMapGenesis({ network, genesis, parameters, nodes }),
    basePort: basePort && basePort + PORTS_OF_NODE * nodes.length,
  });
}

/** An app that a folder has stays as it is: its contracts govern what the network holds. */
async function installApps(folder: NetworkFolder, { author }: Authorities): Promise<void> {
  const missing = APPS.filter((name) => !existsSync(folder.app(name)));
  if (missing.length === 0) return;
  const files = await builtApps(missing, author);
  for (const [i, file] of files.entries())
    writeSecretFile(folder.app(missing[i] as string), encodeAppFile(file));
}

async function configure(
  folder: NetworkFolder,
  on: {
    node: MemberNode;
    network: NetworkId;
    authorities: Authorities;
    databaseOf: (node: string) => Promise<string>;
    member?: ClusterMember;
  },
): Promise<PreparedNode> {
  const { node, network, authorities, databaseOf, member } = on;
  const { name, role, folder: own, p2p, rest } = node;
  const databaseUrl = member === undefined ? await databaseOf(name) : undefined;
  const secret = randomBytes(32).toString("base64url");
  const config: NodeConfig = {
    name,
    role,
    development: true,
    dataFolder: own.data,
    keyStore: { path: own.keyStore, passwordFile: own.keyStorePassword },
    networkMap: { path: folder.networkMap, network, authority: publicHex(authorities.map) },
    p2p: { ...p2p, certificate: own.certificate },
    rest,
    ...(databaseUrl !== undefined && { database: { urlFile: own.databaseUrl } }),
    ...(member !== undefined && {
      notary: { chain: { rpc: rpcOf(member), workerKeyFile: member.home.workerKey } },
    }),
    ...(role === "company" && {
      apps: {
        files: APPS.map((app) => folder.app(app)),
        trustedSigners: [publicHex(authorities.author)],
      },
    }),
    access: { hs256SecretFile: own.accessSecret },
    log: { level: "info" },
  };
  if (databaseUrl !== undefined) writeSecretFile(own.databaseUrl, `${databaseUrl}\n`);
  writeSecretFile(own.accessSecret, `${secret}\n`);
  writeSecretFile(own.config, `${JSON.stringify(config, undefined, 2)}\n`);
  makeOwnFolder(own.data);
  const token = await signToken(new TextEncoder().encode(secret), {
    user: name,
    roles: ["admin", "operator", "user", "viewer"],
    lifetimeSeconds: TOKEN_LIFETIME_SECONDS,
  });
  return {
    ...{ ...node, token },
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(member !== undefined && { member }),
  };
}

/** Where a member's chain is asked. */
export function rpcOf({ ports }: ClusterMember): string {
  return `http://127.0.0.1:${ports.rpc}`;
}
