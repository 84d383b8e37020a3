import { readFileSync } from "node:fs";
import { RequestError } from "../request-error.ts";
import type { NetworkFolder } from "./network-folder.ts";

/** What `network up` prints when all nodes are ready; see docs/spec/interfaces.md. */
export type RunningNetwork = {
  ready: true;
  parties: RunningParty[];
  notary: {
    kind: "embedded" | "cluster";
    name: string;
    members: RunningMember[];
  };
};

export type RunningMember = {
  index: number;
  rest: string;
  token: string;
  workerPid: number;
  /** Of a cluster, the folder of the member's chain; of an embedded notary, its node's. */
  home: string;
  /** Of a cluster: where the member's chain is asked, and its process. */
  rpc?: string;
  validatorPid?: number;
};

export type RunningParty = {
  name: string;
  legalName: string;
  rest: string;
  token: string;
  pid: number;
  databaseUrl: string;
};

/** @throws RequestError `network/not-running` */
export function readRunning(folder: NetworkFolder): RunningNetwork {
  try {
    return JSON.parse(readFileSync(folder.running, "utf8")) as RunningNetwork;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new RequestError(
      "network/not-running",
      `No network runs on ${folder.root}: start one with stateset network up`,
      { folder: folder.root },
    );
  }
}

/** @throws RequestError `network/unknown-party` */
export function partyOf(network: RunningNetwork, name: string | undefined): RunningParty {
  const [first] = network.parties;
  const found = name === undefined ? first : network.parties.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = network.parties.map((each) => each.name);
  const detail = `The network has no party ${name}: it has ${known.join(", ")}`;
  throw new RequestError("network/unknown-party", detail, { party: name, known });
}
