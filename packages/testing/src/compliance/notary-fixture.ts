import {
  compareBytes,
  encode,
  type KeyTree,
  keyId,
  publicKeyOf,
  type Schema,
  type SecretKey,
  toHex,
} from "@stateset/codec";
import {
  type NetworkMap,
  type NotarisationRequest,
  type Notary,
  type NotaryAnswer,
  notarisationRequest,
} from "@stateset/flow";
import {
  COMPONENT_SCHEMAS,
  type Components,
  GROUP_NAMES,
  type GroupName,
  type Header,
  type Holder,
  hashParameters,
  holderAuthority,
  type IdentityId,
  type MemberSet,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type OpenComponent,
  type ParametersHash,
  type RandomBytes,
  type SignedTransaction,
  type StateRef,
  signTransaction,
  type Transaction,
  type TransactionId,
  transactionId,
} from "@stateset/ledger";
import { seededRandom } from "../seeded-random.ts";
import { type TestParty, testParty } from "../test-party.ts";

/** A notary that a suite may try: not a validating one, and with nobody else's requests. */
export type NotaryUnderTest = {
  notary: Notary;
  memberSets: readonly MemberSet[];
  /** The time that the next block would have, in milliseconds since 1970. */
  now(): number;
  /** Returns once blocks have a time at least so much later. */
  advance(ms: number): Promise<void>;
};

/** Starts a notary on a network: `map` tells of its parameters and identities, then and later. */
export type StartNotary = (map: NetworkMap) => Promise<NotaryUnderTest>;

/** A state that was notarised, and all that its spender needs. */
export type HeldState = { ref: StateRef; holder: Holder };

/** What a transaction is to hold besides what every one has; missing groups are empty. */
export type Draft = { [G in Exclude<GroupName, "parameters">]?: Components[G][] } & {
  parameters?: Components["parameters"][];
};

/** A network with its notary, and transactions as its members would make them. */
export class NotaryFixture {
  readonly subject: NotaryUnderTest;
  readonly network: NetworkId;
  readonly id: NotaryId;
  readonly parameters: NetworkParameters;
  readonly predecessor: NetworkParameters;
  readonly alice: TestParty;
  readonly bob: TestParty;
  readonly random: RandomBytes;
  readonly #world: World;
  readonly #transactions = new Map<TransactionId, Transaction>();

  private constructor(world: World, subject: NotaryUnderTest) {
    this.#world = world;
    this.subject = subject;
    this.network = world.map.network;
    this.parameters = world.map.current;
    this.predecessor = world.predecessor;
    this.random = world.random;
    this.id = (subject.memberSets[0] as MemberSet).cluster;
    this.alice = this.party("Alice");
    this.bob = this.party("Bob");
  }

  /** Every run has identities and transactions of its own. */
  static async start(start: StartNotary, seed: string): Promise<NotaryFixture> {
    const world = worldOf(seededRandom(seed));
    return new NotaryFixture(world, await start(world.map));
  }

  party(organisation: string): TestParty {
    const remember = (key: SecretKey) => {
      this.#world.secrets.set(keyId(publicKeyOf(key)), key);
    };
    const party = testParty(this.network, { organisation }, this.random, remember);
    this.registerKey(party.party.id, publicKeyOf(party.key));
    return party;
  }

  /** Makes a key the one that counts for an identity from now on. */
  registerKey(identity: IdentityId, key: KeyTree): void {
    this.#world.identities.set(identity, key);
  }

  /** The secret key of a holder's one-time key. */
  oneTimeKey({ key }: Holder): SecretKey {
    const found = key === undefined ? undefined : this.#world.secrets.get(keyId(key));
    if (found === undefined) throw new Error("the holder has no one-time key");
    return found;
  }

  header(holder: Holder, change: Partial<Header> = {}): Header {
    return {
      notary: this.id,
      authority: holderAuthority(holder) as Header["authority"],
      encumbranceSet: [],
      ...change,
    };
  }

  /** A transaction with one output for each header; sets are sorted unless the draft is `asIs`. */
  build(draft: Draft, options: { asIs?: boolean } = {}): Transaction {
    const whole: Draft = {
      meta: [{ version: 0, hash: "sha-256", network: this.network, notary: this.id }],
      parameters: [{ hash: hashParameters(this.parameters) }],
      commands: [{ contract: "coin", name: "move", data: this.random(4), signers: [SIGNER] }],
      outputs: (draft.headers ?? []).map(() => ({
        contract: "coin",
        type: "coin",
        constraint: { kind: "approved" },
        data: this.random(8),
      })),
      ...draft,
    };
    const groups = GROUP_NAMES.map((name) => {
      const schema: Schema = COMPONENT_SCHEMAS[name];
      const components = (whole[name] ?? []).map(
        (component): OpenComponent => ({
          kind: "open",
          nonce: toHex(this.random(32)),
          component: encode(schema, component as never),
        }),
      );
      const isSet = name === "inputs" || name === "references" || name === "uniqueKeys";
      if (isSet && options.asIs !== true)
        components.sort((a, b) => compareBytes(a.component, b.component));
      return { kind: "listed" as const, components };
    });
    const transaction = { groups };
    this.#transactions.set(transactionId(transaction), transaction);
    return transaction;
  }

  sign(transaction: Transaction, ...keys: SecretKey[]): SignedTransaction {
    const id = transactionId(transaction);
    return { transaction, signatures: keys.map((key) => signTransaction(key, this.network, id)) };
  }

  /** What a spender shows of a transaction built here, of states built here. */
  request(signed: SignedTransaction, ...openings: Holder[]): NotarisationRequest {
    const creating = (id: TransactionId) => {
      const found = this.#transactions.get(id);
      if (found === undefined) throw new Error(`no transaction ${id} was built here`);
      return found;
    };
    return notarisationRequest(signed, { creating, openings });
  }

  async notarise(signed: SignedTransaction, ...openings: Holder[]): Promise<NotaryAnswer> {
    return await this.subject.notary.notarise(this.request(signed, ...openings));
  }

  /** States of these holders, issued and notarised; `encumbered` ones can only be spent together. */
  async issue(
    holders: readonly Holder[],
    options: { encumbered?: boolean } = {},
  ): Promise<HeldState[]> {
    const encumbranceSet = options.encumbered === true ? [...holders.keys()] : [];
    const headers = holders.map((holder) => this.header(holder, { encumbranceSet }));
    const transaction = this.build({ headers });
    const answer = await this.notarise(this.sign(transaction));
    if (answer.kind !== "notarised") throw new Error(`issuance: ${answer.fault.kind}`);
    const txId = transactionId(transaction);
    return holders.map((holder, index) => ({ ref: { txId, index }, holder }));
  }

  /** One state of Alice's under a fresh one-time key. */
  async coin(): Promise<HeldState> {
    const [coin] = await this.issue([this.alice.holder({ oneTimeKey: true })]);
    return coin as HeldState;
  }

  /** The coin goes to Bob, signed with its one-time key. */
  move(coin: HeldState, draft: Draft = {}): SignedTransaction {
    const headers = [this.header(this.bob.holder({ oneTimeKey: true }))];
    const transaction = this.build({ inputs: [coin.ref], headers, ...draft });
    return this.sign(transaction, this.oneTimeKey(coin.holder));
  }
}

const SIGNER = {
  kind: "identity",
  identity: "00".repeat(32) as IdentityId,
} satisfies Components["commands"]["signers"][number];

type World = {
  random: RandomBytes;
  map: NetworkMap;
  predecessor: NetworkParameters;
  identities: Map<IdentityId, KeyTree>;
  /** By the ids of their public keys. */
  secrets: Map<string, SecretKey>;
};

function worldOf(random: RandomBytes): World {
  const network = toHex(random(32)) as NetworkId;
  const predecessor: NetworkParameters = {
    network,
    epoch: 3,
    vm: {
      engine: toHex(random(32)),
      gas: 0,
      memoryBytes: 0,
      stackBytes: 0,
      callDepth: 0,
      sourceBytesMax: 0,
      inputBytesMax: 0,
      resultBytesMax: 0,
    },
    approvedContracts: [],
    contractOwners: [],
    uniqueKeySalt: toHex(random(32)),
  };
  const current = { ...predecessor, epoch: 4 };
  const ancient = { ...predecessor, epoch: 2 };
  const versions = new Map<ParametersHash, NetworkParameters>(
    [ancient, predecessor, current].map((each) => [hashParameters(each), each]),
  );
  const identities = new Map<IdentityId, KeyTree>();
  const map: NetworkMap = {
    network,
    current,
    parameters: (hash) => versions.get(hash),
    parties: () => [],
    party: () => undefined,
    identityKey: (identity) => identities.get(identity),
    notaries: () => [],
    notary: () => undefined,
  };
  return { random, map, predecessor, identities, secrets: new Map() };
}
