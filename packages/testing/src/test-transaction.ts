import {
  encode,
  type Infer,
  type KeyTree,
  keyId,
  type PublicKey,
  type SecretKey,
} from "@stateset/codec";
import {
  deriveAuthority,
  type GoverningContract,
  type Holder,
  type IdentityId,
  LedgerError,
  type NetworkId,
  type NetworkParameters,
  type NotaryId,
  type PrivateComponent,
  type RandomBytes,
  type ResolvedState,
  type SignedTransaction,
  type StateRef,
  signTransaction,
  type TimeWindow,
  TransactionBuilder,
  transactionId,
  uniqueKeyClaims,
  type VerifiedTransaction,
  type VerifyContext,
  verifyTransaction,
} from "@stateset/ledger";
import type {
  Contract,
  GuestValue,
  StateDefinitions,
  UniqueKeyClaim,
} from "@stateset/ledger/contract";
import type { TestParty } from "./test-party.ts";

/** What a described transaction needs of the ledger that it is tried on. */
export interface TransactionHost {
  readonly network: NetworkId;
  readonly notary: NotaryId;
  readonly random: RandomBytes;
  readonly parameters: NetworkParameters;
  readonly context: VerifyContext;
  governing<C extends { name: string }>(contract: C): GoverningContract<C>;
  secretKey(id: string): SecretKey | undefined;
  identityKey(identity: IdentityId): KeyTree | undefined;
  put(state: ResolvedState): StateRef;
}

type AnyState = Record<string, GuestValue>;
type Described = { contract: Contract; type: string; state: AnyState };
type DescribedCommand = { contract: Contract; name: string; data: AnyState; signers: TestParty[] };

/**
 * A transaction described piece by piece, to be asked whether it verifies. `tweak` changes a copy,
 * so that one valid description serves many tests that break one thing each:
 *
 *     const move = ledger.transaction().input(…).output(…).command(…);
 *     await move.verifies();
 *     await move.tweak((tx) => tx.output(…)).failsWith("cash/move-conserves");
 */
export class TestTransaction {
  readonly #ledger: TransactionHost;
  #inputs: Described[] = [];
  #references: Described[] = [];
  #outputs: Described[] = [];
  #commands: DescribedCommand[] = [];
  #privates: PrivateComponent[] = [];
  #timeWindow: TimeWindow | undefined;
  #claims: UniqueKeyClaim[] | undefined;
  #withoutSignatureOf: TestParty[] = [];

  constructor(ledger: TransactionHost) {
    this.#ledger = ledger;
  }

  input<S extends StateDefinitions, T extends keyof S & string>(
    contract: { states: S },
    type: T,
    state: Infer<S[T]["schema"]>,
  ): this {
    this.#inputs.push(described(contract, type, state));
    return this;
  }

  reference<S extends StateDefinitions, T extends keyof S & string>(
    contract: { states: S },
    type: T,
    state: Infer<S[T]["schema"]>,
  ): this {
    this.#references.push(described(contract, type, state));
    return this;
  }

  output<S extends StateDefinitions, T extends keyof S & string>(
    contract: { states: S },
    type: T,
    state: Infer<S[T]["schema"]>,
  ): this {
    this.#outputs.push(described(contract, type, state));
    return this;
  }

  /** Signed by the parties given, who also satisfy the authorities that they can. */
  command(contract: { name: string }, name: string, data: AnyState, ...signers: TestParty[]): this {
    this.#commands.push({ contract: contract as Contract, name, data, signers });
    return this;
  }

  private(component: PrivateComponent): this {
    this.#privates.push(component);
    return this;
  }

  timeWindow(window: TimeWindow): this {
    this.#timeWindow = window;
    return this;
  }

  /** In place of the unique keys that the contracts claim. */
  uniqueKeys(claims: UniqueKeyClaim[]): this {
    this.#claims = claims;
    return this;
  }

  /** The commands still list the party, but its signature is missing. */
  withoutSignatureOf(party: TestParty): this {
    this.#withoutSignatureOf.push(party);
    return this;
  }

  /** Changes the state of an output. */
  changeOutput(index: number, change: (state: never) => Partial<AnyState> | object): this {
    const output = this.#outputs[index];
    if (output === undefined) throw new RangeError(`no output ${index}`);
    const state = { ...output.state, ...change(output.state as never) } as AnyState;
    for (const field in state) if (state[field] === undefined) delete state[field];
    this.#outputs[index] = { ...output, state };
    return this;
  }

  dropOutput(index: number): this {
    this.#outputs.splice(index, 1);
    return this;
  }

  changeInput(index: number, change: (state: never) => object): this {
    const input = this.#inputs[index];
    if (input === undefined) throw new RangeError(`no input ${index}`);
    this.#inputs[index] = { ...input, state: { ...input.state, ...change(input.state as never) } };
    return this;
  }

  /** Replaces who signs, or what is said, by each command. */
  changeCommands(change: (command: DescribedCommand) => Partial<DescribedCommand>): this {
    this.#commands = this.#commands.map((command) => ({ ...command, ...change(command) }));
    return this;
  }

  /** A changed copy. */
  tweak(change: (tx: TestTransaction) => unknown): TestTransaction {
    const copy = new TestTransaction(this.#ledger);
    copy.#inputs = [...this.#inputs];
    copy.#references = [...this.#references];
    copy.#outputs = [...this.#outputs];
    copy.#commands = [...this.#commands];
    copy.#privates = [...this.#privates];
    copy.#timeWindow = this.#timeWindow;
    copy.#claims = this.#claims;
    copy.#withoutSignatureOf = [...this.#withoutSignatureOf];
    change(copy);
    return copy;
  }

  /** Builds, signs and verifies. */
  async verifies(): Promise<VerifiedTransaction> {
    return await verifyTransaction(this.sign(), this.#ledger.context);
  }

  /** Asserts that it is refused by this rule, or with this code. */
  async failsWith(expected: string): Promise<LedgerError> {
    let found = "nothing: it verifies";
    try {
      await this.verifies();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      found = error.refusedBy;
      if (found === expected) return error;
      found = `${found} (${error.message})`;
    }
    throw new Error(`expected the transaction to fail with ${expected}, found ${found}`);
  }

  /** The transaction as its parties would send it to be notarised. */
  sign(): SignedTransaction {
    const { network, parameters, notary, random } = this.#ledger;
    const builder = new TransactionBuilder({ parameters, notary, random });
    for (const input of this.#inputs) builder.addInput(this.#put(input), this.#governing(input));
    for (const each of this.#references)
      builder.addReference(this.#put(each), this.#governing(each));
    for (const { type, state, ...rest } of this.#outputs)
      builder.addOutput(this.#governing(rest), type, state as never);
    for (const { name, data, signers, ...rest } of this.#commands)
      builder.addCommand(
        this.#governing(rest),
        name,
        data as never,
        signers.map((s) => s.signer),
      );
    for (const component of this.#privates) builder.addPrivate(component);
    if (this.#timeWindow !== undefined) builder.setTimeWindow(this.#timeWindow);
    const claims = this.#claims ?? this.#commands.flatMap((command) => this.#claimsOf(command));
    for (const claim of claims) builder.addUniqueKey(claim);
    const transaction = builder.build();
    const id = transactionId(transaction);
    const signatures = this.#signingKeys().map((key) => signTransaction(key, network, id));
    return { transaction, signatures };
  }

  #governing({ contract }: { contract: Contract }) {
    return this.#ledger.governing(contract);
  }

  #put({ contract, type, state }: Described): StateRef {
    const { constraint } = this.#ledger.governing(contract);
    const definition = contract.states[type];
    if (definition === undefined) throw new RangeError(`${contract.name} has no state ${type}`);
    const data = encode(definition.schema, state as never);
    return this.#ledger.put({
      output: { contract: contract.name, type, constraint, data },
      header: {
        notary: this.#ledger.notary,
        authority: deriveAuthority(definition.authority as never, state),
        encumbranceSet: [],
      },
      createdAt: 0,
    });
  }

  /** What the contract itself claims; where a rule fails, nothing. */
  #claimsOf({ contract, name, data, signers }: DescribedCommand): UniqueKeyClaim[] {
    const entry = ({ contract: { name: of }, type, state }: Described) => ({
      contract: of,
      type,
      state,
    });
    return uniqueKeyClaims(contract, {
      command: { name, data, signers: signers.map((signer) => `identity:${signer.party.id}`) },
      inputs: this.#inputs.map(entry),
      outputs: this.#outputs.map(entry),
      references: this.#references.map(entry),
      timeWindow: {},
    });
  }

  /** Every signer's key, and the one-time keys of the holders among them. */
  #signingKeys() {
    const signing = this.#commands
      .flatMap(({ signers }) => signers)
      .filter((signer) => !this.#withoutSignatureOf.includes(signer));
    const ids = new Set<string>();
    for (const { party } of signing) {
      const key = this.#ledger.identityKey(party.id) as KeyTree;
      ids.add(keyId(key as PublicKey));
      for (const { state } of this.#inputs)
        for (const value of Object.values(state)) {
          const { identity, key: oneTime } = value as Partial<Holder>;
          if (identity === party.id && oneTime !== undefined) ids.add(keyId(oneTime));
        }
    }
    return [...ids].map((id) => this.#ledger.secretKey(id)).filter((key) => key !== undefined);
  }
}

function described(contract: object, type: string, state: unknown): Described {
  return { contract: contract as Contract, type, state: state as AnyState };
}
