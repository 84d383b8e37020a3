import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import cashApp from "@stateset/cash";
import {
  type KeyTree,
  type PublicKey,
  publicKeyOf,
  type SecretKey,
  sign,
  taggedHashBytes,
  toHex,
} from "@stateset/codec";
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
  type Keys,
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

const random = (count: number) => new Uint8Array(randomBytes(count));
const id32 = () => toHex(random(32));

/** Keys in memory, by the same derivations as a file's. */
class MemoryKeys implements Keys {
  readonly identity: IdentityId;
  readonly identityKey: KeyTree;
  readonly #secret: SecretKey;

  constructor(identity: IdentityId, secret: SecretKey) {
    this.identity = identity;
    this.identityKey = publicKeyOf(secret);
    this.#secret = secret;
  }

  publicKey(ref: Parameters<Keys["publicKey"]>[0]): PublicKey {
    return publicKeyOf(this.#of(ref));
  }

  async sign(ref: Parameters<Keys["sign"]>[0], payload: Parameters<Keys["sign"]>[1]) {
    return sign(this.#of(ref), payload);
  }

  derive(purpose: string): Uint8Array {
    return taggedHashBytes("node", this.#secret.secret, new TextEncoder().encode(purpose));
  }

  #of(ref: Parameters<Keys["publicKey"]>[0]): SecretKey {
    if (ref.kind === "identity") return this.#secret;
    const secret = taggedHashBytes(
      "one-time-key",
      this.#secret.secret,
      Buffer.from(ref.blinding, "hex"),
    );
    return { kind: "ed25519", secret };
  }
}

const clock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export type MemoryNode = {
  party: Party;
  engine: FlowEngine;
  store: MemoryStore;
  /** As after kill -9: what was committed, and nothing else. */
  crash(): void;
  restart(): Promise<void>;
};

/** Nodes of one process over memory, with the real engine, notary, contracts and cash app. */
export class MemoryNodes {
  readonly hub = new MemoryNetwork();
  readonly nodes = new Map<string, MemoryNode>();
  /** Every point passed, with how often its node had passed it: `Alice:cash/pay/send/before#2`. */
  readonly points: string[] = [];
  readonly #passages = new Map<string, number>();
  readonly logs: string[] = [];
  onPoint: ((node: string, point: string) => void) | undefined;
  readonly map: NetworkMap;
  readonly #parties = new Map<IdentityId, { party: Party; key: SecretKey }>();
  readonly #app: InstalledApp;

  private constructor(cash: BuiltContract) {
    const author: SecretKey = { kind: "ed25519", secret: random(32) };
    const network = id32() as NetworkId;
    const parameters: NetworkParameters = {
      network,
      epoch: 0,
      vm: vmParameters(),
      approvedContracts: [],
      contractOwners: [{ contract: "cash", key: publicKeyOf(author) }],
      uniqueKeySalt: id32(),
    };
    const file = signBundle(cash.bytes, author);
    const contracts = [loadBundleFile(file)];
    this.#app = { hash: id32(), app: cashApp, contracts, contractFiles: [file] };
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
    const cash = fileURLToPath(import.meta.resolve("@stateset/cash/contract"));
    const nodes = new MemoryNodes(
      await buildContract(cash.replace(/src\/contract\/index.ts$/, "")),
    );
    await nodes.#startNotary();
    for (const name of names) await nodes.#add(name);
    return nodes;
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

  async #startNotary(): Promise<void> {
    const { party, key } = this.#register("Notary");
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
      clock,
      sign: async (payload) => sign(key, payload),
    });
    this.notaryEntries.push({
      id: memberSet.cluster,
      name: "Notary",
      identity: party.id,
      kind: "non-validating",
      memberSets: [memberSet],
    });
    const network = this.hub.join(party.id, { incarnation: "notary", run: 1 });
    await network.start({
      peerUp() {},
      peerDown() {},
      drain() {},
      frame() {},
      request: serveNotary(notary),
    });
  }

  async #add(name: string): Promise<void> {
    const { party, key } = this.#register(name);
    const store = new MemoryStore({ tables: cashApp.tables, clock: () => Date.now() });
    const engine = await this.#run(name, { party, key, store });
    const node: MemoryNode = {
      party,
      engine,
      store,
      crash: () => {
        this.hub.leave(party.id);
        node.store = node.store.reopen();
      },
      restart: async () => {
        node.engine = await this.#run(name, { party, key, store: node.store });
      },
    };
    this.nodes.set(name, node);
  }

  async #run(
    name: string,
    { party, key, store }: { party: Party; key: SecretKey; store: MemoryStore },
  ): Promise<FlowEngine> {
    const run = await store.begin();
    const network = this.hub.join(party.id, run);
    const { map } = this;
    return await startFlowEngine({
      store,
      vault: store,
      network,
      notaries: (id) => new NotaryClient({ network, map, id, clock }),
      keys: new MemoryKeys(party.id, key),
      map,
      clock,
      random,
      contracts: new VmContractRunner(),
      apps: [this.#app],
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
  }
}
