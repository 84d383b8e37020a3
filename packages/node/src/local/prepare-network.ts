import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { encodeAppFile, type Log } from "@stateset/flow";
import type { NetworkId } from "@stateset/ledger";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@stateset/vault";
import { signToken } from "../access/sign-token.ts";
import type { NodeConfig } from "../config/node-config.ts";
import { type Authorities, openAuthorities, publicHex } from "./authorities.ts";
import { builtApps } from "./built-apps.ts";
import { issueNetworkMap } from "./issue-network-map.ts";
import { type MemberNode, openMemberNodes } from "./member-nodes.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { type LocalParty, writeParties } from "./network-marker.ts";
import { makeOwnFolder, writeSecretFile } from "./secret-file.ts";

/** The apps of a local network. */
const APPS = ["cash", "invoice", "receivable"];
/** Of tokens; they are made anew at every start, and the ones before end with the secret. */
const TOKEN_LIFETIME_SECONDS = 30 * 86_400;

export type PreparedNode = MemberNode & { token: string; databaseUrl: string };

export type PreparedNetwork = {
  /** The notary first. */
  nodes: PreparedNode[];
  /** Absent where the databases are elsewhere. */
  postgres?: EmbeddedPostgres;
};

export type NetworkPlan = {
  parties: readonly LocalParty[];
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
  { parties, basePort, database, log }: NetworkPlan,
): Promise<PreparedNetwork> {
  makeOwnFolder(folder.root);
  writeParties(folder, parties);
  const authorities = openAuthorities(folder);
  const starting =
    database === undefined ? startEmbeddedPostgres({ folder: folder.postgres, log }) : undefined;
  const [members] = await Promise.all([
    openMemberNodes(folder, parties, basePort),
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
    const network = await issueNetworkMap(folder, members, authorities);
    const nodes = await Promise.all(
      members.map((member) => configure(folder, { member, network, authorities, databaseOf })),
    );
    return { nodes, ...(postgres !== undefined && { postgres }) };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
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
    member: MemberNode;
    network: NetworkId;
    authorities: Authorities;
    databaseOf: (node: string) => Promise<string>;
  },
): Promise<PreparedNode> {
  const { member, network, authorities, databaseOf } = on;
  const { name, role, folder: own, p2p, rest } = member;
  const databaseUrl = await databaseOf(name);
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
    database: { urlFile: own.databaseUrl },
    ...(role === "company" && {
      apps: {
        files: APPS.map((app) => folder.app(app)),
        trustedSigners: [publicHex(authorities.author)],
      },
    }),
    access: { hs256SecretFile: own.accessSecret },
    log: { level: "info" },
  };
  writeSecretFile(own.databaseUrl, `${databaseUrl}\n`);
  writeSecretFile(own.accessSecret, `${secret}\n`);
  writeSecretFile(own.config, `${JSON.stringify(config, undefined, 2)}\n`);
  makeOwnFolder(own.data);
  const token = await signToken(new TextEncoder().encode(secret), {
    user: name,
    roles: ["admin", "operator", "user", "viewer"],
    lifetimeSeconds: TOKEN_LIFETIME_SECONDS,
  });
  return { ...member, token, databaseUrl };
}
