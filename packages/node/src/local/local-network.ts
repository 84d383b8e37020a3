import { existsSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Log } from "@stateset/flow";
import type { EmbeddedPostgres } from "@stateset/vault";
import { RequestError } from "../request-error.ts";
import { builtNotaryd } from "./built-notaryd.ts";
import type { Child, ChildExit } from "./child.ts";
import { ChildNode } from "./child-node.ts";
import { ChildValidator } from "./child-validator.ts";
import { ControlChannel, type ControlRequest } from "./control-channel.ts";
import { dataOutside } from "./data-outside.ts";
import { NOTARY } from "./legal-name.ts";
import { joinNotary, type WantedNotary } from "./local-notary.ts";
import { NetworkFolder } from "./network-folder.ts";
import { assertSameParties, joinParties, notaryIn, partiesIn } from "./network-marker.ts";
import { type NetworkStatus, networkStatus } from "./network-status.ts";
import {
  type PreparedNetwork,
  type PreparedNode,
  prepareNetwork,
  rpcOf,
} from "./prepare-network.ts";
import type { RunningMember, RunningNetwork, RunningParty } from "./running-network.ts";
import { makeOwnFolder, writeSecretFile } from "./secret-file.ts";

export type LocalNetworkOptions = {
  folder: string;
  /** Beside those that the folder has already. */
  parties: readonly string[];
  /** X.500 names of parties that are not to be called by their names; the folder keeps them. */
  legalNames?: Readonly<Record<string, string>>;
  /** Legal Entity Identifiers that parties are registered with. */
  leis?: Readonly<Record<string, string>>;
  /** The one that the folder has unless given, and in a new folder the embedded one. */
  notary?: WantedNotary;
  basePort?: number;
  log: Log;
  /** Told of what takes minutes. */
  onProgress?: (text: string) => void;
  /** Gives a node's database by its URL, where it is not to be one of the network's own server. */
  database?: (node: string) => Promise<string>;
  /** Of the nodes' processes; this process's own unless given. */
  environment?: NodeJS.ProcessEnv;
  onDeath?: (name: string, exit: ChildExit) => void;
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
  /** By the names of the nodes that work for them. */
  readonly #validators = new Map<string, ChildValidator>();
  readonly #restarting = new Set<string>();
  #nodes: PreparedNode[] = [];
  #cluster: PreparedNetwork["cluster"];
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
   * `network/other-legal-name`, `network/other-notary`, `network/parties-fixed`, and as
   * `builtNotaryd`
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
    return {
      ready: true,
      parties: this.#nodes
        .filter(({ role }) => role === "company")
        .map((node) => this.#party(node)),
      notary: {
        kind: this.#cluster === undefined ? "embedded" : "cluster",
        name: NOTARY,
        members: this.#notaryNodes().map((node, index) => this.#member(node, index)),
      },
    };
  }

  async status(): Promise<NetworkStatus> {
    return await networkStatus({
      nodes: [...this.#children.values()],
      validators: [...this.#validators.values()],
      notary: this.running.notary,
    });
  }

  /**
   * Ends one node's process in order, unless it has ended, and starts it again; of a cluster's
   * member its chain as well. The notary's name stands for all members, one after the other, those
   * first that have ended.
   * @throws RequestError `network/unknown-party`, `network/node-failed`
   */
  async restart(name: string, environment?: NodeJS.ProcessEnv): Promise<void> {
    const nodes = name === NOTARY ? this.#notaryNodes() : [this.#node(name)];
    const isUp = (node: PreparedNode) =>
      this.#child(node.name).isRunning && this.#isValidated(node);
    for (const node of [...nodes.filter((each) => !isUp(each)), ...nodes.filter(isUp)])
      await this.#restart(node, environment);
  }

  async #restart(node: PreparedNode, environment?: NodeJS.ProcessEnv): Promise<void> {
    const { name } = node;
    this.#restarting.add(name);
    try {
      await this.#child(name).stop();
      await this.#validators.get(name)?.stop();
      const children = [...this.#spawnValidator(node, environment), this.#spawn(node, environment)];
      // A chain that lacks a quorum does not go on, whatever becomes of this member.
      const isAlone = node.member !== undefined && !this.#hasQuorum();
      await Promise.all(children.map((child) => (isAlone ? child.alive() : child.ready())));
      this.#tell();
    } finally {
      this.#restarting.delete(name);
    }
  }

  /** Whether the chain that a node works for runs, if it works for one. */
  #isValidated({ name }: PreparedNode): boolean {
    return this.#validators.get(name)?.isRunning ?? true;
  }

  #hasQuorum(): boolean {
    const running = [...this.#validators.values()].filter(({ isRunning }) => isRunning);
    return running.length >= (this.#cluster?.genesis.quorum ?? 0);
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
    const children = [...this.#children.values(), ...this.#validators.values()];
    if (isUrgent) for (const child of children) void child.stop({ isUrgent });
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Stops it and removes its folder, with what lies outside: for tests and benchmarks. */
  async remove(): Promise<void> {
    await this.stop();
    await removeNetwork(this.#folder.root);
  }

  async #start(): Promise<void> {
    const { folder, basePort, log, database, onProgress } = this.#options;
    const known = partiesIn(this.#folder);
    const parties = joinParties(known, this.#options);
    const notary = joinNotary(notaryIn(this.#folder), this.#options.notary);
    if (notary.kind === "cluster" && existsSync(this.#folder.networkMap))
      assertSameParties(known, parties);
    // Before anything of the network is made: where it cannot be built, another notary can be had.
    const notaryd =
      notary.kind === "cluster"
        ? await builtNotaryd({ ...(onProgress && { onProgress }) })
        : undefined;
    makeOwnFolder(this.#folder.root);
    this.#control = await ControlChannel.open(this.#folder.root, (request) =>
      this.#handle(request),
    );
    const prepared = await prepareNetwork(this.#folder, {
      ...{ parties, notary, log },
      ...(notaryd !== undefined && { notaryd }),
      ...(basePort !== undefined && { basePort }),
      ...(database !== undefined && { database }),
    });
    this.#postgres = prepared.postgres;
    this.#nodes = prepared.nodes;
    this.#cluster = prepared.cluster;
    const children = this.#nodes.flatMap((node) => [
      ...this.#spawnValidator(node),
      this.#spawn(node),
    ]);
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
    this.#watch(child);
    return child;
  }

  /** Of a cluster's member, its replica of the chain. */
  #spawnValidator(node: PreparedNode, environment = this.#options.environment): Child[] {
    const { name, member } = node;
    if (this.#cluster === undefined || member === undefined) return [];
    const { root: home, log } = member.home;
    const child = new ChildValidator({
      ...{ name, home, log },
      program: this.#cluster.program,
      rpc: rpcOf(member),
      environment: environment ?? process.env,
    });
    this.#validators.set(name, child);
    this.#watch(child);
    return [child];
  }

  #watch(child: Child): void {
    void child.exited.then((exit) => {
      if (this.#stopping === undefined && !this.#restarting.has(child.name))
        this.#options.onDeath?.(child.name, exit);
    });
  }

  async #stop(): Promise<void> {
    const children = [...this.#children.values()];
    const notaries = new Set(this.#notaryNodes().map(({ name }) => name));
    const isNotary = ({ name }: Child) => notaries.has(name);
    // Flows that are at the notary get their answers before it goes.
    await Promise.all(children.filter((child) => !isNotary(child)).map((child) => child.stop()));
    await Promise.all(children.filter(isNotary).map((child) => child.stop()));
    await Promise.all([...this.#validators.values()].map((child) => child.stop()));
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
    if (databaseUrl === undefined) throw new Error(`${name} has no database`);
    return { name, legalName, rest: urlOf(rest), token, pid: this.#child(name).pid, databaseUrl };
  }

  #member(node: PreparedNode, index: number): RunningMember {
    const { name, rest, token, folder, member } = node;
    const validator = this.#validators.get(name);
    return {
      ...{ index, rest: urlOf(rest), token, workerPid: this.#child(name).pid },
      home: member?.home.root ?? folder.root,
      ...(validator && { rpc: validator.rpc, validatorPid: validator.pid }),
    };
  }

  #notaryNodes(): PreparedNode[] {
    return this.#nodes.filter(({ role }) => role === "notary");
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
