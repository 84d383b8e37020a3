import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Log } from "@stateset/flow";
import type { EmbeddedPostgres } from "@stateset/vault";
import { RequestError } from "../request-error.ts";
import { type ChildExit, ChildNode } from "./child-node.ts";
import { ControlChannel, type ControlRequest } from "./control-channel.ts";
import { dataOutside } from "./data-outside.ts";
import { NetworkFolder } from "./network-folder.ts";
import { joinParties, partiesIn } from "./network-marker.ts";
import { type PreparedNode, prepareNetwork } from "./prepare-network.ts";
import type { RunningNetwork, RunningParty } from "./running-network.ts";
import { makeOwnFolder, writeSecretFile } from "./secret-file.ts";

export type LocalNetworkOptions = {
  folder: string;
  /** Beside those that the folder has already. */
  parties: readonly string[];
  /** X.500 names of parties that are not to be called by their names; the folder keeps them. */
  legalNames?: Readonly<Record<string, string>>;
  /** Legal Entity Identifiers that parties are registered with. */
  leis?: Readonly<Record<string, string>>;
  basePort?: number;
  log: Log;
  /** Gives a node's database by its URL, where it is not to be one of the network's own server. */
  database?: (node: string) => Promise<string>;
  /** Of the nodes' processes; this process's own unless given. */
  environment?: NodeJS.ProcessEnv;
  onDeath?: (name: string, exit: ChildExit) => void;
};

export type NetworkStatus = {
  running: true;
  pid: number;
  nodes: { name: string; rest: string; pid: number; running: boolean; ready: boolean }[];
};

/** They ask a node to end itself, and are meant for one that is started by itself. */
const CRASH_VARIABLES = ["STATESET_CRASH_POINT", "STATESET_POINTS_FILE"];

/**
 * Nodes in processes of their own and one database server, all of which end with this process. No
 * two run on one folder.
 */
export class LocalNetwork {
  /** Resolves when somebody in another terminal has asked it to end, and it has. */
  readonly ended: Promise<void>;
  readonly #folder: NetworkFolder;
  readonly #options: LocalNetworkOptions;
  readonly #children = new Map<string, ChildNode>();
  readonly #restarting = new Set<string>();
  #nodes: PreparedNode[] = [];
  #postgres: EmbeddedPostgres | undefined;
  #control: ControlChannel | undefined;
  #stopping: Promise<void> | undefined;
  #tellEnded: () => void = () => {};

  private constructor(options: LocalNetworkOptions) {
    this.#options = options;
    this.#folder = new NetworkFolder(options.folder);
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  /**
   * Starts the network of a folder, making it first where there is none, and waits until every
   * node is ready. What fails is stopped again.
   * @throws RequestError `network/already-running`, `network/node-failed`, `network/port-busy`,
   * `network/other-legal-name`
   */
  static async start(options: LocalNetworkOptions): Promise<LocalNetwork> {
    const network = new LocalNetwork(options);
    try {
      await network.#start();
      return network;
    } catch (error) {
      await network.stop().catch(() => {}); // the first error says what went wrong
      throw error;
    }
  }

  /** What other programs need to know of it. */
  get running(): RunningNetwork {
    const { name, rest, token, folder } = this.#node("notary");
    const workerPid = this.#child(name).pid;
    return {
      ready: true,
      parties: this.#nodes
        .filter(({ role }) => role === "company")
        .map((node) => this.#party(node)),
      notary: {
        kind: "embedded",
        name,
        members: [{ index: 0, rest: urlOf(rest), token, workerPid, home: folder.root }],
      },
    };
  }

  async status(): Promise<NetworkStatus> {
    const nodes = await Promise.all(
      [...this.#children.values()].map(async (child) => {
        const { name, rest } = child.options;
        const ready = child.isRunning && (await child.isReady());
        return { name, rest, pid: child.pid, running: child.isRunning, ready };
      }),
    );
    return { running: true, pid: process.pid, nodes };
  }

  /**
   * Ends one node's process in order, unless it has ended, and starts it again.
   * @throws RequestError `network/unknown-party`, `network/node-failed`
   */
  async restart(name: string, environment?: NodeJS.ProcessEnv): Promise<void> {
    const node = this.#node(name);
    this.#restarting.add(name);
    try {
      await this.#child(name).stop();
      const child = this.#spawn(node, environment);
      await child.ready();
      this.#tell();
    } finally {
      this.#restarting.delete(name);
    }
  }

  /** The database server's process; those of its connections are its children. */
  get postgresPid(): number {
    if (this.#postgres === undefined) throw new Error("the database server is not running");
    return this.#postgres.pid;
  }

  /** The process of a node, for tests that end it. */
  pid(name: string): number {
    return this.#child(name).pid;
  }

  /** Stops the nodes, then the notary, then the database server; at once where `isUrgent`. */
  stop({ isUrgent = false } = {}): Promise<void> {
    if (isUrgent) for (const child of this.#children.values()) void child.stop({ isUrgent });
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Stops it and removes its folder, with what lies outside: for tests and benchmarks. */
  async remove(): Promise<void> {
    await this.stop();
    await removeNetwork(this.#folder.root);
  }

  async #start(): Promise<void> {
    const { folder, basePort, log, database } = this.#options;
    const parties = joinParties(partiesIn(this.#folder), this.#options);
    makeOwnFolder(this.#folder.root);
    this.#control = await ControlChannel.open(this.#folder.root, (request) =>
      this.#handle(request),
    );
    const prepared = await prepareNetwork(this.#folder, {
      parties,
      log,
      ...(basePort !== undefined && { basePort }),
      ...(database !== undefined && { database }),
    });
    this.#postgres = prepared.postgres;
    this.#nodes = prepared.nodes;
    const children = this.#nodes.map((node) => this.#spawn(node));
    await Promise.all(children.map((child) => child.ready()));
    this.#tell();
    log("info", "network is ready", { folder });
  }

  #spawn(node: PreparedNode, environment = this.#options.environment): ChildNode {
    const { name, folder, rest } = node;
    const inherited = environment ?? withoutCrashes(process.env);
    const child = new ChildNode({
      name,
      config: folder.config,
      log: folder.log,
      rest: urlOf(rest),
      environment: inherited,
    });
    this.#children.set(name, child);
    void child.exited.then((exit) => {
      if (this.#stopping === undefined && !this.#restarting.has(name))
        this.#options.onDeath?.(name, exit);
    });
    return child;
  }

  async #stop(): Promise<void> {
    const children = [...this.#children.values()];
    const isNotary = ({ options }: ChildNode) => options.name === "notary";
    // Flows that are at the notary get their answers before it goes.
    await Promise.all(children.filter((child) => !isNotary(child)).map((child) => child.stop()));
    await Promise.all(children.filter(isNotary).map((child) => child.stop()));
    await this.#postgres?.stop();
    if (this.#control !== undefined) rmSync(this.#folder.running, { force: true });
    this.#control?.release();
    this.#tellEnded();
  }

  async #handle({ command, party }: ControlRequest): Promise<unknown> {
    switch (command) {
      case "status":
        return await this.status();
      case "restart":
        await this.restart(party ?? "");
        return await this.status();
      case "down":
        await this.stop();
        return { running: false };
    }
  }

  #tell(): void {
    writeSecretFile(this.#folder.running, `${JSON.stringify(this.running)}\n`);
  }

  #party(node: PreparedNode): RunningParty {
    const { name, legalName, rest, token, databaseUrl } = node;
    return { name, legalName, rest: urlOf(rest), token, pid: this.#child(name).pid, databaseUrl };
  }

  #node(name: string): PreparedNode {
    const node = this.#nodes.find((each) => each.name === name);
    if (node !== undefined) return node;
    const known = this.#nodes.map((each) => each.name);
    const detail = `The network has no party ${name}: it has ${known.join(", ")}`;
    throw new RequestError("network/unknown-party", detail, { party: name, known });
  }

  #child(name: string): ChildNode {
    const child = this.#children.get(name);
    if (child !== undefined) return child;
    throw new RequestError("network/unknown-party", `${name} was not started`, { party: name });
  }
}

/** Removes the folder of a network that does not run, with what lies outside of it. */
export async function removeNetwork(folder: string): Promise<void> {
  for (const path of [...(await dataOutside(folder)), folder])
    await rm(path, { recursive: true, force: true });
}

function urlOf({ host, port }: { host: string; port: number }): string {
  return `http://${host}:${port}`;
}

/** A crash asked for in the environment is meant for one node, and not for all of them. */
function withoutCrashes(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const entries = Object.entries(environment).filter(([name]) => !CRASH_VARIABLES.includes(name));
  return Object.fromEntries(entries);
}
