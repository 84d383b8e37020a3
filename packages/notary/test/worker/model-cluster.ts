import { keyId, type PublicKey, publicKeyOf, type SecretKey, sign, toHex } from "@stateset/codec";
import type { Network, NetworkHandlers, NetworkMap } from "@stateset/flow";
import type { IdentityId, MemberSet, NotaryId } from "@stateset/ledger";
import { MemoryNetwork, type NotaryUnderTest, seededRandom } from "@stateset/testing";
import { ClusterWorker } from "../../src/worker/cluster-worker.ts";
import { serveWorker } from "../../src/worker/serve-worker.ts";
import type { SignedBlock, SigningRecord } from "../../src/worker/signing-record.ts";
import type { BatchLimits } from "../../src/worker/submission-queue.ts";
import { ModelChain } from "./model-chain.ts";
import { ModelMember } from "./model-member.ts";
import { TestClock } from "./test-clock.ts";

export type ModelWorker = {
  worker: ClusterWorker;
  member: ModelMember;
  key: SecretKey;
  identity: IdentityId;
  network: Network;
  record: MemoryRecord;
};

/** Keeps nothing but in memory. */
export class MemoryRecord implements SigningRecord {
  readonly written: SignedBlock[] = [];

  async read(): Promise<SignedBlock | undefined> {
    return this.written.at(-1);
  }

  async write(block: SignedBlock): Promise<void> {
    this.written.push(block);
  }
}

type ModelClusterOptions = {
  keys: readonly SecretKey[];
  cluster: NotaryId;
  limits: BatchLimits | undefined;
};

/** Workers on one network, each beside a member of one chain. */
export class ModelCluster {
  readonly clock = new TestClock();
  readonly chain: ModelChain;
  readonly genesis: MemberSet;
  readonly network: MemoryNetwork;
  readonly map: NetworkMap;
  readonly workers: ModelWorker[];
  readonly #identities = new Map<string, IdentityId>();
  readonly #limits: BatchLimits | undefined;
  #turn = 0;

  private constructor(map: NetworkMap, { keys, cluster, limits }: ModelClusterOptions) {
    this.map = map;
    this.#limits = limits;
    this.network = new MemoryNetwork({ clock: this.clock });
    this.genesis = memberSetOf(cluster, 0, keys);
    this.chain = new ModelChain(map, this.genesis, this.clock);
    this.workers = keys.map((key) => this.#worker(key));
  }

  static async start(map: NetworkMap, size: number, limits?: BatchLimits): Promise<ModelCluster> {
    const random = seededRandom(`cluster of ${size}`);
    const keys = Array.from(
      { length: size },
      (): SecretKey => ({ kind: "ed25519", secret: random(32) }),
    );
    const cluster = new ModelCluster(map, { keys, cluster: toHex(random(32)) as NotaryId, limits });
    for (const each of cluster.workers) await cluster.serve(each);
    return cluster;
  }

  at(index: number): ModelWorker {
    return this.workers[index] as ModelWorker;
  }

  /** As a suite tries it: whoever is asked, the cluster answers. */
  subject(): NotaryUnderTest {
    const next = () => this.at(this.#turn++ % this.workers.length).worker;
    return {
      notary: {
        notarise: (request) => next().notarise(request),
        receipt: (id) => next().receipt(id),
        absence: (id, until) => next().absence(id, until),
      },
      memberSets: [this.genesis],
      now: () => this.clock.now(),
      advance: async (ms) => {
        this.clock.advance(ms);
        this.chain.makeBlock();
      },
    };
  }

  identityOf = (key: PublicKey): IdentityId | undefined => this.#identities.get(keyId(key));

  /** @param request in place of the worker's own answers */
  async serve(of: ModelWorker, request?: NetworkHandlers["request"]): Promise<void> {
    await of.network.start({
      peerUp: () => undefined,
      peerDown: () => undefined,
      drain: () => undefined,
      frame: () => undefined,
      request: request ?? serveWorker(of.worker, this.identityOf),
    });
  }

  /** The worker anew, as after a crash: it has its record, and nothing else. */
  restart(index: number): ClusterWorker {
    const of = this.at(index);
    of.worker = this.#start(of);
    return of.worker;
  }

  /** A worker that is in no member set yet. */
  async join(key: SecretKey): Promise<ModelWorker> {
    const worker = this.#worker(key);
    this.workers.push(worker);
    await this.serve(worker);
    return worker;
  }

  #worker(key: SecretKey): ModelWorker {
    const identity = publicKeyOf(key).key as string as IdentityId;
    this.#identities.set(keyId(publicKeyOf(key)), identity);
    const network = this.network.join(identity, { incarnation: "1", run: 1 });
    const of = { member: new ModelMember(this.chain), key, identity, network };
    const record = new MemoryRecord();
    return { ...of, record, worker: this.#start({ ...of, record }) };
  }

  #start({ member, key, network, record }: Omit<ModelWorker, "worker">): ClusterWorker {
    return new ClusterWorker({
      network: this.map.network,
      genesis: this.genesis,
      chain: member,
      key: { publicKey: publicKeyOf(key), sign: async (payload) => sign(key, payload) },
      peers: { network, identityOf: this.identityOf },
      record,
      clock: this.clock,
      ...(this.#limits === undefined ? {} : { limits: this.#limits }),
    });
  }
}

export function memberSetOf(
  cluster: NotaryId,
  epoch: number,
  keys: readonly SecretKey[],
): MemberSet {
  const quorum = Math.floor((2 * keys.length) / 3) + 1;
  return { cluster, epoch, quorum, members: keys.map(publicKeyOf) };
}
