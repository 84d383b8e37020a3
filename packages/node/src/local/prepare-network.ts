import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { encodeAppFile, type Log } from "@stateset/flow";
import type { NetworkId } from "@stateset/ledger";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@stateset/vault";
import { signToken } from "../access/sign-token.ts";
import type { NodeConfig } from "../config/node-config.ts";
import { appFolder } from "../development/development-network.ts";
import { type Authorities, openAuthorities, publicHex } from "./authorities.ts";
import { issueNetworkMap } from "./issue-network-map.ts";
import { type MemberNode, openMemberNodes } from "./member-nodes.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { makeOwnFolder, writeSecretFile } from "./secret-file.ts";

/** The apps of a local network. */
const APPS = ["cash"];
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
  parties: readonly string[];
  basePort?: number;
  database?: (node: string) => Promise<string>;
  log: Log;
};

/** The parties that a folder's network has, in the order in which they came to it. */
export function partiesIn(folder: NetworkFolder): string[] {
  if (!existsSync(folder.marker)) return [];
  return (JSON.parse(readFileSync(folder.marker, "utf8")) as { parties: string[] }).parties;
}

/**
 * Makes what a local network lacks: keys, certificates, map, database server, apps, configurations.
 * What is there stays as it is, but for ports that others took, and for tokens.
 */
export async function prepareNetwork(
  folder: NetworkFolder,
  { parties, basePort, database, log }: NetworkPlan,
): Promise<PreparedNetwork> {
  makeOwnFolder(folder.root);
  writeSecretFile(folder.marker, JSON.stringify({ format: 1, parties }));
  const authorities = openAuthorities(folder);
  const [postgres, members] = await Promise.all([
    database === undefined ? startEmbeddedPostgres({ folder: folder.postgres, log }) : undefined,
    openMemberNodes(folder, parties, basePort),
    ...APPS.map((app) => buildAppOnce(folder, app, authorities)),
  ]);
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

async function buildAppOnce(
  folder: NetworkFolder,
  name: string,
  { author }: Authorities,
): Promise<void> {
  const path = folder.app(name);
  if (existsSync(path)) return;
  // Building takes a bundler, which nobody needs who starts a network again.
  const { buildApp } = await import("../app/build-app.ts");
  const { file } = await buildApp(appFolder(name), { keys: [author] });
  writeSecretFile(path, encodeAppFile(file));
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
