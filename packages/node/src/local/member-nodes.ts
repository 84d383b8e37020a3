import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createKeyStore, type FileKeyStore, openKeyStore } from "@stateset/keys";
import { RequestError } from "../request-error.ts";
import { portIfFree } from "./free-port.ts";
import { legalNameOf, NOTARY } from "./legal-name.ts";
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

const HOST = "127.0.0.1";
/** Passwords have 256 random bits: making them dear to guess would only make every start slow. */
const KEY_STORE_COST_LOG2 = 14;

/** Makes what is missing of the nodes, and gives each its ports; the notary comes first. */
export async function openMemberNodes(
  folder: NetworkFolder,
  parties: readonly LocalParty[],
  basePort: number | undefined,
): Promise<MemberNode[]> {
  const all = [{ name: NOTARY, legalName: legalNameOf(NOTARY) }, ...parties];
  const taken = new Set<number>();
  const nodes: Omit<MemberNode, "keyStore">[] = [];
  for (const [index, party] of all.entries()) {
    const { name } = party;
    const own = folder.node(name);
    makeOwnFolder(own.root);
    const [p2p, rest] = await portsOf(own, basePort && basePort + 2 * index, taken);
    nodes.push({
      ...party,
      role: name === NOTARY ? "notary" : "company",
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
  base: number | undefined,
  taken: Set<number>,
): Promise<[p2p: number, rest: number]> {
  const before = base === undefined ? portsBefore(folder) : [base, base + 1];
  const ports: number[] = [];
  for (const [index, part] of (["p2p", "rest"] as const).entries()) {
    const wanted = before[index];
    if (base !== undefined && wanted !== undefined) ports.push(await required(wanted, part));
    else ports.push(await wantedOrAny(wanted, taken));
    taken.add(ports.at(-1) ?? 0);
  }
  return [ports[0] ?? 0, ports[1] ?? 0];
}

async function required(port: number, part: string): Promise<number> {
  if ((await portIfFree(port)) !== undefined) return port;
  throw new RequestError(
    "network/port-busy",
    `Port ${port} (${part}) is in use by another process: choose another --base-port, or leave it out`,
    { port },
  );
}

async function wantedOrAny(wanted: number | undefined, taken: Set<number>): Promise<number> {
  for (const port of [wanted ?? 0, 0, 0, 0, 0]) {
    const found = await portIfFree(port);
    if (found !== undefined && !taken.has(found)) return found;
  }
  throw new RequestError("network/no-free-port", "This machine has no free port");
}

function portsBefore(folder: NodeFolder): (number | undefined)[] {
  if (!existsSync(folder.config)) return [];
  const { p2p, rest } = JSON.parse(readFileSync(folder.config, "utf8")) as Partial<MemberNode>;
  return [p2p?.port, rest?.port];
}
