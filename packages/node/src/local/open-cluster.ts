import { execFile } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PublicKey } from "@stateset/codec";
import type { MemberSet, NetworkId, NotaryId } from "@stateset/ledger";
import { RequestError } from "../request-error.ts";
import type { Ports } from "./choose-ports.ts";
import { MemberHome, type MemberPorts } from "./member-home.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { writeSecretFile } from "./secret-file.ts";

export type LocalCluster = {
  /** The program of its members. */
  program: string;
  /** The member set of epoch 0; the cluster's id stands in it. */
  genesis: MemberSet;
  members: readonly ClusterMember[];
};

export type ClusterMember = { index: number; home: MemberHome; ports: MemberPorts };

export type ClusterPlan = {
  program: string;
  members: number;
  network: NetworkId;
  /** What the chain begins with in its map of the network. */
  mapGenesis: object;
  ports: Ports;
  /** The first of its ports, three for each member. */
  basePort: number | undefined;
};

/** Of what `notaryd cluster init` tells, as the folder keeps it. */
type ClusterRecord = {
  cluster: NotaryId;
  quorum: number;
  members: { name: string; nodeId: string; workerKey: string }[];
};

const PORTS_OF_MEMBER = 3;
const RECORD = "cluster.json";
const INIT_MAX_MS = 60_000;
const run = promisify(execFile);

/**
 * The cluster of a local network: made at the first time, and afterwards as it is but for ports.
 * @throws RequestError `network/cluster-not-made`, `network/port-busy`
 */
export async function openCluster(folder: NetworkFolder, plan: ClusterPlan): Promise<LocalCluster> {
  // What no map has named to anybody has notarised nothing, and may have been made for others.
  if (!existsSync(folder.networkMap)) rmSync(folder.cluster, { recursive: true, force: true });
  if (!existsSync(folder.cluster)) await makeCluster(folder, plan);
  const path = join(folder.cluster, RECORD);
  const record = JSON.parse(readFileSync(path, "utf8")) as ClusterRecord;
  const members: ClusterMember[] = [];
  for (const [index, { name }] of record.members.entries()) {
    const home = new MemberHome(join(folder.cluster, name));
    members.push({ index, home, ports: await portsOf(home, index, plan) });
  }
  const peers = record.members.map(({ nodeId }, index) => ({
    nodeId,
    p2p: (members[index] as ClusterMember).ports.p2p,
  }));
  for (const { index, home, ports } of members)
    home.listen(
      ports,
      peers.filter((_, other) => other !== index),
    );
  return { program: plan.program, genesis: genesisOf(record), members };
}

function genesisOf({ cluster, quorum, members }: ClusterRecord): MemberSet {
  const keys = members.map(({ workerKey: key }): PublicKey => ({ kind: "ed25519", key }));
  return { cluster, epoch: 0, quorum, members: keys };
}

/** Whole or not at all: of a cluster that was half made, keys could be in use. */
async function makeCluster(
  folder: NetworkFolder,
  { program, members, network, mapGenesis }: ClusterPlan,
): Promise<void> {
  const part = `${folder.cluster}.part`;
  const map = `${folder.cluster}-map.json`;
  rmSync(part, { recursive: true, force: true });
  writeSecretFile(map, JSON.stringify(mapGenesis));
  const wanted = {
    dir: part,
    members,
    // The number after the dash is the chain's revision, as IBC counts it.
    "chain-id": `local-${network.slice(0, 12)}-1`,
    network,
    "module-genesis": `networkmap=${map}`,
  };
  const flags = Object.entries(wanted).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const args = ["cluster", "init", ...flags, "--json"];
  const made = await run(program, args, { timeout: INIT_MAX_MS }).catch((error) => {
    throw notMade(folder, error);
  });
  writeSecretFile(join(part, RECORD), made.stdout);
  renameSync(part, folder.cluster);
  rmSync(map);
}

function notMade(folder: NetworkFolder, error: Error & { stderr?: string }): RequestError {
  const { stderr = "", message } = error;
  const reason = stderr.trim() || message;
  return new RequestError(
    "network/cluster-not-made",
    `The homes of the cluster's members could not be made in ${folder.root}: ${reason}`,
    { folder: folder.root },
  );
}

/** Those asked for, or else those of last time where they are free, or else any. */
async function portsOf(
  home: MemberHome,
  index: number,
  { ports, basePort }: ClusterPlan,
): Promise<MemberPorts> {
  if (basePort === undefined) {
    const { p2p, rpc, grpc } = home.ports();
    return {
      p2p: await ports.preferably(p2p),
      rpc: await ports.preferably(rpc),
      grpc: await ports.preferably(grpc),
    };
  }
  const first = basePort + PORTS_OF_MEMBER * index;
  return {
    p2p: await ports.exactly(first, `member ${index}, peers`),
    rpc: await ports.exactly(first + 1, `member ${index}, RPC`),
    grpc: await ports.exactly(first + 2, `member ${index}, gRPC`),
  };
}
