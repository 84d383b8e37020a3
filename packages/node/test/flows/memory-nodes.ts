import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import cashApp from "@stateset/cash";
import { publicKeyOf, type SecretKey, sign, toHex } from "@stateset/codec";
import {
  type BuiltContract,
  buildContract,
  VmContractRunner,
  vmParameters,
} from "@stateset/contract-vm";
import {
  type Clock,
  type FlowEngine,
  type InstalledApp,
  type Network,
  type NetworkMap,
  type NotaryEntry,
  startFlowEngine,
} from "@stateset/flow";
import {
  hashParameters,
  type IdentityId,
  loadBundleFile,
  type MemberSet,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type Party,
  registerParty,
  signBundle,
} from "@stateset/ledger";
import { EmbeddedNotary, MemoryNotaryStore, NotaryClient, serveNotary } from "@stateset/notary";
import { MemoryNetwork, MemoryStore } from "@stateset/testing";
import { MemoryKeys } from "./memory-keys.ts";
import { Outage } from "./outage.ts";

const random = (count: number) => new Uint8Array(randomBytes(count));
const id32 = () => toHex(random(32));

const realClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

type App = InstalledApp["app"];

/** An app whose contract is built from a package's folder. */
export type ContractApp = { app: App; folder: string };

export type MemoryNodesOptions = {
  /** Apps with flows only, besides the cash app. */
  apps?: readonly App[];
  /** Apps with a contract, besides the cash app: it is built from the folder, and owned by the author. */
  contractApps?: readonly ContractApp[];
  transactionWindowMs?: number;
  /** How many clusters there are; the first is the one that flows take. */
  notaries?: number;
  /** Of all nodes and notaries; the machine's where absent. */
  clock?: Clock;
};

export type MemoryNode = {
  party: Party;
  keys: MemoryKeys;
  engine: FlowEngine;
  store: MemoryStore;
  /** Between the node and its store. */
  outage: Outage;
  network: Network;
  /** In good order: the engine is let go on to where it waits. */
  stop(): Promise<void>;
  /** As after kill -9: what was committed, and nothing else. */
  crash(): void;
  restart(): Promise<void>;
  /** Starts again over an empty database. */
  restore(): Promise<void>;
};

const cashFolder = fileURLToPath(import.meta.resolve("@stateset/cash/contract")).replace(
  /src\/contract\/index.ts$/,
  "",
);
/** By folder: many tests of one process start with the same contracts. */
const built = new Map<string, Promise<BuiltContract>>();

function builtOnce(folder: string): Promise<BuiltContract> {
  const known = built.get(folder) ?? buildContract(folder);
  built.set(folder, known);
  return known;
}

/** Nodes of one process over memory, with the real engine, notary, contracts and cash app. */
export class MemoryNodes {
  readonly hub = new MemoryNetwork();
  readonly nodes = new Map<string, MemoryNode>();
  /** Every point passed, with how often its node had passed it: `Alice:cash/pay/send/before#2`. */
  readonly points: string[] = [];
  readonly #passages = new Map<string, number>();
  readonly logs: string[] = [];
  onPoint: ((node: string, point: string) => void) | undefined;
  /** Sees each frame before the node does; a frame that it does not let pass is lost. */
  onFrame: ((node: string, frame: Uint8Array) => boolean) | undefined;
  readonly map: NetworkMap;
  readonly #parties = new Map<IdentityId, { party: Party; key: SecretKey }>();
  readonly #options: MemoryNodesOptions;
  readonly #clock: Clock;
  /** What nodes start with from now on. */
  apps: InstalledApp[];

  private constructor(
    contracts: readonly { app: App; contract: BuiltContract }[],
    options: MemoryNodesOptions,
  ) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    const author: SecretKey = { kind: "ed25519", secret: random(32) };
    const network = id32() as NetworkId;
    const parameters: NetworkParameters = {
      network,
      epoch: 0,
      vm: vmParameters(),
      approvedContracts: [],
      contractOwners: contracts.map(({ app }) => ({
        contract: app.contract.name,
        key: publicKeyOf(author),
      })),
      uniqueKeySalt: id32(),
    };
    const owned = contracts.map(({ app, contract }): InstalledApp => {
      const file = signBundle(contract.bytes, author);
      return { hash: id32(), app, contracts: [loadBundleFile(file)], contractFiles: [file] };
    });
    this.apps = [...owned, ...(options.apps ?? []).map(installed)];
    const notaries: NotaryEntry[] = [];
    const hash = hashParameters(parameters);
    this.map = {
      network,
      current: parameters,
      parameters: (wanted) => (wanted === hash ? parameters : undefined),
      parties: () => [...this.#parties.values()].map(({ party }) => party),
      party: (id) => this.#parties.get(id)?.party,
      identityKey: (id) => {
        const known = this.#parties.get(id);
        return known && publicKeyOf(known.key);
      },
      notaries: () => notaries,
      notary: (id) => notaries.find((each) => each.id === id),
    };
    this.notaryEntries = notaries;
  }

  readonly notaryEntries: NotaryEntry[];

  static async start(...names: string[]): Promise<MemoryNodes> {
    return await MemoryNodes.startWith({}, ...names);
  }

  static async startWith(options: MemoryNodesOptions, ...names: string[]): Promise<MemoryNodes> {
    const { notaries = 1, contractApps = [] } = options;
    const contracts = [];
    for (const { app, folder } of [{ app: cashApp, folder: cashFolder }, ...contractApps])
      contracts.push({ app, contract: await builtOnce(folder) });
    const nodes = new MemoryNodes(contracts, options);
    for (let i = 0; i < notaries; i++) await nodes.#startNotary(i === 0 ? "Notary" : `Notary ${i}`);
    for (const name of names) await nodes.add(name);
    return nodes;
  }

  cut(one: string, other: string): void {
    this.hub.cut(this.#idOf(one), this.#idOf(other));
  }

  mend(one: string, other: string): void {
    this.hub.mend(this.#idOf(one), this.#idOf(other));
  }

  /** A member of the network that runs no engine: what it says is for the test to make up. */
  outsider(name: string): { party: Party; keys: MemoryKeys; network: Network } {
    const { party, key } = this.#register(name);
    const network = this.hub.join(party.id, { incarnation: name, run: 1 });
    return { party, keys: new MemoryKeys(party.id, key), network };
  }

  #idOf(name: string): IdentityId {
    const known = [...this.#parties.values()].find(({ party }) =>
      party.name.startsWith(`O=${name},`),
    );
    if (known === undefined) throw new Error(`no party ${name}`);
    return known.party.id;
  }

  node(name: string): MemoryNode {
    const found = this.nodes.get(name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  }

  async stop(): Promise<void> {
    for (const { engine } of this.nodes.values()) await engine.stop();
  }

  #register(name: string): { party: Party; key: SecretKey } {
    const key: SecretKey = { kind: "ed25519", secret: random(32) };
    const { network } = this.map;
    const party = registerParty({
      network,
      name: `O=${name},L=Zurich,C=CH`,
      key: publicKeyOf(key),
    });
    this.#parties.set(party.id, { party, key });
    return { party, key };
  }

  async #startNotary(name: string): Promise<void> {
    const { party, key } = this.#register(name);
    const memberSet: MemberSet = {
      cluster: id32() as NotaryId,
      epoch: 0,
      quorum: 1,
      members: [publicKeyOf(key)],
    };
    const notary = await EmbeddedNotary.open({
      map: this.map,
      memberSet,
      store: new MemoryNotaryStore(),
      clock: this.#clock,
      sign: async (payload) => sign(key, payload),
    });
    this.notaryEntries.push({
      id: memberSet.cluster,
      name,
      identities: [party.id],
      kind: "non-validating",
      memberSets: [memberSet],
    });
    const network = this.hub.join(party.id, { incarnation: name, run: 1 });
    await network.start({
      peerUp() {},
      peerDown() {},
      drain() {},
      frame() {},
      request: serveNotary(notary),
    });
  }

  async add(name: string): Promise<MemoryNode> {
    const { party, key } = this.#register(name);
    const tables = this.apps.flatMap(({ app }) => app.tables);
    const newStore = () => new MemoryStore({ tables, clock: () => Date.now() });
    const started = {
      keys: new MemoryKeys(party.id, key),
      store: newStore(),
      outage: new Outage(),
    };
    const node: MemoryNode = {
      ...{ party, ...started },
      ...(await this.#run(name, started)),
      stop: async () => {
        await node.engine.stop();
        node.store = node.store.reopen();
      },
      crash: () => {
        this.hub.leave(party.id);
        node.store = node.store.reopen();
      },
      restart: async () => {
        Object.assign(node, await this.#run(name, node));
      },
      restore: async () => {
        node.store = newStore();
        await node.restart();
      },
    };
    this.nodes.set(name, node);
    return node;
  }

  /** The network as the node sees it, with every frame passing by the test. */
  #tapped(name: string, network: Network): Network {
    const start: Network["start"] = (handlers) =>
      network.start({
        peerUp: (peer, run) => handlers.peerUp(peer, run),
        peerDown: (peer) => handlers.peerDown(peer),
        drain: (peer) => handlers.drain(peer),
        request: (peer, kind, body) => handlers.request(peer, kind, body),
        frame: (peer, frame) => {
          if (this.onFrame?.(name, frame) !== false) handlers.frame(peer, frame);
        },
      });
    return {
      start,
      stop: () => network.stop(),
      connect: (peer) => network.connect(peer),
      send: (peer, frame) => network.send(peer, frame),
      request: (...args) => network.request(...args),
    };
  }

  async #run(
    name: string,
    { keys, store: memory, outage }: Pick<MemoryNode, "keys" | "store" | "outage">,
  ): Promise<{ engine: FlowEngine; network: Network }> {
    const store = outage.over(memory);
    const run = await store.begin();
    const network = this.#tapped(name, this.hub.join(keys.identity, run));
    const { map } = this;
    const clock = this.#clock;
    const { transactionWindowMs } = this.#options;
    const engine = await startFlowEngine({
      store,
      vault: store,
      network,
      notaries: (id) => new NotaryClient({ network, map, identity: keys.identity, id, clock }),
      keys,
      ...(transactionWindowMs === undefined ? {} : { transactionWindowMs }),
      map,
      clock,
      random,
      contracts: new VmContractRunner(),
      apps: this.apps,
      log: (level, message, fields) => {
        this.logs.push(`${name} ${level} ${message} ${JSON.stringify(fields)}`);
      },
      onPoint: (point) => {
        const passage = (this.#passages.get(`${name}:${point}`) ?? 0) + 1;
        this.#passages.set(`${name}:${point}`, passage);
        this.points.push(`${name}:${point}#${passage}`);
        this.onPoint?.(name, `${point}#${passage}`);
      },
    });
    return { engine, network };
  }
}

/** An app that brings no contracts. */
export function installed(app: App): InstalledApp {
  return { hash: id32(), app, contracts: [], contractFiles: [] };
}
