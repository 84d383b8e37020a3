import { type KeyTree, keyId, publicKeyOf, type SecretKey, toHex } from "@stateset/codec";
import {
  type BuiltContract,
  buildContract,
  VmContractRunner,
  vmParameters,
} from "@stateset/contract-vm";
import {
  type AttachedBundle,
  type BundleHash,
  formatStateRef,
  type GoverningContract,
  hashParameters,
  type IdentityId,
  loadBundleFile,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type Party,
  type RandomBytes,
  type ResolvedState,
  type StateRef,
  signBundle,
  type TransactionId,
  type VerifyContext,
} from "@stateset/ledger";
import type { Contract } from "@stateset/ledger/contract";
import { seededRandom } from "./seeded-random.ts";
import { type TestParty, testParty } from "./test-party.ts";
import { TestTransaction, type TransactionHost } from "./test-transaction.ts";

/**
 * A network in one process, for testing contracts: real bundles in the real VM, real keys and
 * signatures, and the ledger's own verification. Only where inputs come from is made up.
 */
export class TestLedger implements TransactionHost {
  readonly network: NetworkId;
  readonly notary: NotaryId;
  readonly random: RandomBytes;
  readonly parameters: NetworkParameters;
  readonly context: VerifyContext;
  readonly #bundles = new Map<BundleHash, AttachedBundle>();
  readonly #governing = new Map<string, GoverningContract<Contract>>();
  readonly #identities = new Map<IdentityId, KeyTree>();
  readonly #parties = new Map<IdentityId, Party>();
  readonly #secrets = new Map<string, SecretKey>();
  readonly #states = new Map<string, ResolvedState>();

  private constructor(random: RandomBytes, contracts: readonly BuiltContract[]) {
    this.random = random;
    const author: SecretKey = { kind: "ed25519", secret: random(32) };
    const key = publicKeyOf(author);
    this.network = toHex(this.random(32)) as NetworkId;
    this.notary = toHex(this.random(32)) as NotaryId;
    this.parameters = {
      network: this.network,
      epoch: 0,
      vm: vmParameters(),
      approvedContracts: [],
      contractOwners: contracts.map(({ bundle }) => ({ contract: bundle.name, key })),
      uniqueKeySalt: toHex(this.random(32)),
    };
    const hash = hashParameters(this.parameters);
    this.context = {
      network: this.network,
      parameters: (wanted) => (wanted === hash ? this.parameters : undefined),
      resolve: (ref) => this.#states.get(formatStateRef(ref)),
      bundle: (wanted) => this.#bundles.get(wanted),
      identityKey: (identity) => this.#identities.get(identity),
      party: (identity) => this.#parties.get(identity),
      contracts: new VmContractRunner(),
    };
    for (const { contract, bytes, hash: bundle } of contracts) {
      this.#bundles.set(bundle, loadBundleFile(signBundle(bytes, author)));
      const constraint = { kind: "exact", bundle } as const;
      this.#governing.set(contract.name, { contract, bundle, constraint });
    }
  }

  /** Builds and installs the contracts in the folders given. The same seed gives the same bytes. */
  static async start(options: {
    contracts: readonly string[];
    seed?: string;
  }): Promise<TestLedger> {
    const contracts = await Promise.all(options.contracts.map(buildContract));
    return new TestLedger(seededRandom(options.seed ?? "test"), contracts);
  }

  /** The installed bundle of a contract, ready to build with. */
  governing<C extends { name: string }>(contract: C): GoverningContract<C> {
    const found = this.#governing.get(contract.name);
    if (found === undefined) throw new Error(`${contract.name} is not installed in this ledger`);
    return { ...found, contract };
  }

  party(organisation: string, options: { country?: string; lei?: string } = {}): TestParty {
    const remember = (key: SecretKey) => {
      this.#secrets.set(keyId(publicKeyOf(key)), key);
    };
    const party = testParty(this.network, { organisation, ...options }, this.random, remember);
    this.#identities.set(party.party.id, publicKeyOf(party.key));
    this.#parties.set(party.party.id, party.party);
    return party;
  }

  transaction(): TestTransaction {
    return new TestTransaction(this);
  }

  /** The secret key of a public one, if it belongs to a party of this ledger. */
  secretKey(id: string): SecretKey | undefined {
    return this.#secrets.get(id);
  }

  identityKey(identity: IdentityId): KeyTree | undefined {
    return this.#identities.get(identity);
  }

  /** Makes a state spendable, as if an earlier transaction had created it. */
  put(state: ResolvedState): StateRef {
    const ref = { txId: toHex(this.random(32)) as TransactionId, index: 0 };
    this.#states.set(formatStateRef(ref), state);
    return ref;
  }
}
