import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createKeyStore, type FileKeyStore, openKeyStore } from "@stateset/keys";
import type { Ports } from "./choose-ports.ts";
import { legalNameOf } from "./legal-name.ts";
import type { NetworkFolder, NodeFolder } from "./network-folder.ts";
import type { LocalParty } from "./network-marker.ts";
import { makeOwnFolder, readOrCreate } from "./secret-file.ts";

/** A node of a local network, with its keys and where it listens. */
export type MemberNode = {
  name: string;
  role: "company" | "notary";
  legalName: string;
  lei?: string;
  folder: NodeFolder;
  keyStore: FileKeyStore;
  p2p: { host: string; port: number };
  rest: { host: string; port: number };
};

export const PORTS_OF_NODE = 2;
const HOST = "127.0.0.1";
/** Passwords have 256 random bits: making them dear to guess would only make every start slow. */
const KEY_STORE_COST_LOG2 = 14;

export type MemberNodesPlan = {
  /** The names of the nodes that notarise. */
  notaries: readonly string[];
  parties: readonly LocalParty[];
  ports: Ports;
  /** The first of their ports, two for each. */
  basePort: number | undefined;
};

/** Makes what is missing of the nodes, and gives each its ports; those that notarise come first. */
export async function openMemberNodes(
  folder: NetworkFolder,
  { notaries, parties, ports, basePort }: MemberNodesPlan,
): Promise<MemberNode[]> {
  const all = [
    ...notaries.map((name) => ({ name, legalName: legalNameOf(name), role: "notary" as const })),
    ...parties.map((party) => ({ ...party, role: "company" as const })),
  ];
  const nodes: Omit<MemberNode, "keyStore">[] = [];
  for (const [index, node] of all.entries()) {
    const own = folder.node(node.name);
    makeOwnFolder(own.root);
    const first = basePort && basePort + PORTS_OF_NODE * index;
    const [p2p, rest] = await portsOf(own, first, ports);
    nodes.push({
      ...node,
      folder: own,
      p2p: { host: HOST, port: p2p },
      rest: { host: HOST, port: rest },
    });
  }
  return await Promise.all(
    nodes.map(async (node) => ({ ...node, keyStore: await keyStoreOf(node.folder) })),
  );
}

async function keyStoreOf(folder: NodeFolder): Promise<FileKeyStore> {
  const path = folder.keyStore;
  const newPassword = () => `${randomBytes(32).toString("base64url")}\n`;
  const password = readOrCreate(folder.keyStorePassword, newPassword).trimEnd();
  if (existsSync(path)) return await openKeyStore({ path, password });
  return await createKeyStore({ path, password, costLog2: KEY_STORE_COST_LOG2 });
}

/** Those asked for, or else those of last time where they are free, or else any. */
async function portsOf(
  folder: NodeFolder,
  first: number | undefined,
  ports: Ports,
): Promise<[p2p: number, rest: number]> {
  if (first !== undefined)
    return [await ports.exactly(first, "p2p"), await ports.exactly(first + 1, "rest")];
  const [p2p, rest] = portsBefore(folder);
  return [await ports.preferably(p2p), await ports.preferably(rest)];
}

function portsBefore(folder: NodeFolder): (number | undefined)[] {
  if (!existsSync(folder.config)) return [];
  const { p2p, rest } = JSON.parse(readFileSync(folder.config, "utf8")) as Partial<MemberNode>;
  return [p2p?.port, rest?.port];
}
