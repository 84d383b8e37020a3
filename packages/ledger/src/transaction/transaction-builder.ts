import { compareBytes, encode, type Infer, type Schema, toHex } from "@stateset/codec";
import { type AuthorityData, deriveAuthority } from "../authority-rule.ts";
import type { Contract, StateDefinitions, UniqueKeyClaim } from "../contract/define-contract.ts";
import { LedgerError } from "../ledger-error.ts";
import { hashParameters, type NetworkParameters } from "../parameters.ts";
import { uniqueKeyOf } from "../unique-key-value.ts";
import { componentLeaf, NONCE_BYTES, type OpenComponent } from "./component-form.ts";
import {
  COMPONENT_SCHEMAS,
  type CommandSigner,
  type Components,
  type Constraint,
  FORMAT_VERSION,
  type PrivateComponent,
  type TimeWindow,
} from "./components.ts";
import { GROUP_NAMES, type GroupName, SORTED_GROUPS } from "./groups.ts";
import type { BundleHash, Leaf, NotaryId, StateRef } from "./ids.ts";
import type { Transaction } from "./transaction.ts";

/** Where nonces come from; in production the platform's secure source. */
export type RandomBytes = (count: number) => Uint8Array;

/** A contract to build with, the bundle that others check it by, and how its states are bound. */
export type GoverningContract<C = Contract<StateDefinitions, never>> = {
  contract: C;
  bundle: BundleHash;
  constraint: Constraint;
};

type AnyContract = { name: string; states: StateDefinitions; commands: Commands };
type Commands = { readonly [name: string]: { readonly data: Schema } };

/**
 * Puts a transaction together. Headers, attachments and the order of sets follow from what is
 * added, so that a transaction built here can only be refused for what it says.
 */
export class TransactionBuilder {
  readonly #components: { [G in GroupName]: OpenComponent[] };
  readonly #headers: Components["headers"][] = [];
  readonly #attached = new Map<string, BundleHash>();
  readonly #parameters: NetworkParameters;
  readonly #notary: NotaryId;
  readonly #random: RandomBytes;
  #timeWindow: TimeWindow = {};

  constructor(on: { parameters: NetworkParameters; notary: NotaryId; random: RandomBytes }) {
    this.#parameters = on.parameters;
    this.#notary = on.notary;
    this.#random = on.random;
    this.#components = Object.fromEntries(GROUP_NAMES.map((name) => [name, []])) as never;
    const { network } = on.parameters;
    this.#add("meta", { version: FORMAT_VERSION, hash: "sha-256", network, notary: on.notary });
    this.#add("parameters", { hash: hashParameters(on.parameters) });
  }

  addInput(ref: StateRef, governing: GoverningContract<AnyContract>): this {
    this.#attach(governing);
    this.#add("inputs", ref);
    return this;
  }

  addReference(ref: StateRef, governing: GoverningContract<AnyContract>): this {
    this.#attach(governing);
    this.#add("references", ref);
    return this;
  }

  /**
   * @returns the output's index
   * @throws CodecError where the state is not one of the type
   */
  addOutput<S extends StateDefinitions, T extends keyof S & string>(
    governing: GoverningContract<{ name: string; states: S; commands: Commands }>,
    type: T,
    state: Infer<S[T]["schema"]>,
  ): number {
    const { contract, constraint } = governing;
    const { schema, authority } = contract.states[type] as S[T];
    this.#attach(governing);
    const data = encode(schema, state as never);
    this.#add("outputs", { contract: contract.name, type, constraint, data });
    this.#headers.push({
      notary: this.#notary,
      authority: deriveAuthority(authority as AuthorityData, state as never),
      encumbranceSet: [],
    });
    return this.#headers.length - 1;
  }

  /**
   * The outputs can only be spent together.
   * @throws LedgerError `tx/header-encumbrance` where one does not exist, or is in another set
   */
  encumber(outputs: readonly number[]): this {
    const encumbranceSet = [...new Set(outputs)].sort((a, b) => a - b);
    for (const output of encumbranceSet) {
      const header = this.#headers[output];
      const isFree = header?.encumbranceSet.length === 0;
      const reason = header === undefined ? "no such output" : "it is in another set";
      if (!isFree) throw new LedgerError({ code: "tx/header-encumbrance", output, reason });
      header.encumbranceSet = encumbranceSet;
    }
    return this;
  }

  addCommand<C extends Commands, N extends keyof C & string>(
    governing: GoverningContract<{ name: string; states: StateDefinitions; commands: C }>,
    name: N,
    data: Infer<C[N]["data"]>,
    signers: CommandSigner[],
  ): this {
    const { contract } = governing;
    this.#attach(governing);
    const encoded = encode((contract.commands[name] as C[N]).data, data as never);
    this.#add("commands", { contract: contract.name, name, data: encoded, signers });
    return this;
  }

  setTimeWindow(window: TimeWindow): this {
    this.#timeWindow = { ...window };
    this.#components.timeWindow.length = 0;
    this.#add("timeWindow", window);
    return this;
  }

  /** As it was set last; without bounds where it was not. */
  get timeWindow(): TimeWindow {
    return { ...this.#timeWindow };
  }

  addUniqueKey(claim: UniqueKeyClaim): this {
    this.#add("uniqueKeys", uniqueKeyOf(claim, this.#parameters.uniqueKeySalt));
    return this;
  }

  addInstruction(instruction: Components["instructions"]): this {
    this.#add("instructions", instruction);
    return this;
  }

  /** @returns the leaf by which states refer to the component: never by a hash of the document */
  addPrivate(component: PrivateComponent): Leaf {
    return toHex(componentLeaf(this.#add("private", component))) as Leaf;
  }

  /** Headers get their nonces here, so that what is built twice has two ids. */
  build(): Transaction {
    const components = { ...this.#components };
    components.headers = this.#headers.map((header) => this.#open("headers", header));
    for (const name of SORTED_GROUPS)
      components[name] = components[name].toSorted((a, b) =>
        compareBytes(a.component, b.component),
      );
    const groups = GROUP_NAMES.map((name) => ({
      kind: "listed" as const,
      components: components[name],
    }));
    return { groups };
  }

  #attach({ contract: { name }, bundle }: GoverningContract<AnyContract>): void {
    const attached = this.#attached.get(name);
    if (attached === bundle) return;
    if (attached !== undefined)
      throw new LedgerError({ code: "tx/attachment-duplicate", contract: name });
    this.#attached.set(name, bundle);
    this.#add("attachments", { contract: name, bundle });
  }

  #add<G extends GroupName>(group: G, component: Components[G]): OpenComponent {
    const open = this.#open(group, component);
    this.#components[group].push(open);
    return open;
  }

  #open<G extends GroupName>(group: G, component: Components[G]): OpenComponent {
    const schema: Schema = COMPONENT_SCHEMAS[group];
    const nonce = toHex(this.#random(NONCE_BYTES));
    return { kind: "open", nonce, component: encode(schema, component as never) };
  }
}
