import type { Child } from "./child.ts";
import type { ChildNode } from "./child-node.ts";
import type { ChildValidator } from "./child-validator.ts";
import type { RunningMember, RunningNetwork } from "./running-network.ts";

type ProcessStatus = { name: string; pid: number; running: boolean; ready: boolean };

/** What `network status` prints; see docs/spec/interfaces.md. */
export type NetworkStatus = {
  running: true;
  pid: number;
  nodes: (ProcessStatus & { rest: string })[];
  notary: Omit<RunningNetwork["notary"], "members"> & { members: Omit<RunningMember, "token">[] };
  /** Of a cluster: the members' replicas of the chain, by the names of their nodes. */
  validators?: (ProcessStatus & { rpc: string })[];
};

export async function networkStatus(on: {
  nodes: readonly ChildNode[];
  validators: readonly ChildValidator[];
  notary: RunningNetwork["notary"];
}): Promise<NetworkStatus> {
  const { kind, name, members } = on.notary;
  const [nodes, validators] = await Promise.all([
    Promise.all(on.nodes.map(async (child) => ({ ...(await stateOf(child)), rest: child.rest }))),
    Promise.all(
      on.validators.map(async (child) => ({ ...(await stateOf(child)), rpc: child.rpc })),
    ),
  ]);
  return {
    ...{ running: true, pid: process.pid, nodes },
    // Commands show it on terminals: without the tokens.
    notary: { kind, name, members: members.map(({ token: _, ...member }) => member) },
    ...(kind === "cluster" && { validators }),
  };
}

async function stateOf(child: Child): Promise<ProcessStatus> {
  const { name, pid, isRunning: running } = child;
  return { name, pid, running, ready: running && (await child.isReady()) };
}
