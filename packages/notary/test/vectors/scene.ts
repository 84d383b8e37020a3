import { compareBytes, encode, publicKeyOf, type Schema, type SecretKey } from "@stateset/codec";
import { type NotarisationRequest, notarisationRequest } from "@stateset/flow";
import {
  type Authority,
  COMPONENT_SCHEMAS,
  type Components,
  GROUP_NAMES,
  type GroupName,
  type Header,
  holderAuthority,
  type IdentityId,
  type OpenComponent,
  type SignedTransaction,
  type StateRef,
  signTransaction,
  type Transaction,
  type TransactionId,
  transactionId,
} from "@stateset/ledger";
import { countedBytes, countedHex } from "./counted-bytes.ts";
import { ALICE, BOB, CURRENT_HASH, NETWORK, NOTARY, type Opening } from "./sample-world.ts";

/** What a transaction holds; groups that are missing here have what a plain move has, or nothing. */
export type Draft = { [G in GroupName]?: Components[G][] };

/** A state of Alice's with its one-time key, and what opens her commitment. */
export type Coin = { ref: StateRef; key: SecretKey; opening: Opening };

const SETS: readonly GroupName[] = ["inputs", "references", "uniqueKeys"];

/**
 * The states, keys and transactions of one row. All that looks random is counted by the row's name,
 * so that a row more or less changes no other.
 */
export class Scene {
  readonly #name: string;
  readonly #counters = new Map<string, number>();
  readonly #built = new Map<TransactionId, Transaction>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Another one of this purpose each time. */
  hash<T extends string>(purpose: string): T {
    const counter = this.#counters.get(purpose) ?? 0;
    this.#counters.set(purpose, counter + 1);
    return countedHex<T>(`${this.#name}, ${purpose}`, counter);
  }

  key(kind: SecretKey["kind"] = "ed25519"): SecretKey {
    return { kind, secret: countedBytes(`${this.hash("key")}, ${kind} key`, 0) };
  }

  opening(identity: IdentityId): Opening {
    return { identity, blinding: this.hash("blinding") };
  }

  header(authority: Authority, change: Partial<Header> = {}): Header {
    return {
      notary: NOTARY,
      authority: authority as Header["authority"],
      encumbranceSet: [],
      ...change,
    };
  }

  /** What a move's output has: Bob may spend it. */
  bobsHeader(change: Partial<Header> = {}): Header {
    return this.header(holderAuthority(this.opening(BOB.id)), change);
  }

  /** The states that one transaction creates. */
  states(authorities: readonly Authority[], change: Partial<Header> = {}): StateRef[] {
    return this.created({ headers: authorities.map((each) => this.header(each, change)) });
  }

  /** The states that a transaction without inputs creates. */
  created(draft: Draft): StateRef[] {
    const transaction = this.build({ inputs: [], ...draft });
    const txId = transactionId(transaction);
    return (draft.headers ?? []).map((_, index) => ({ txId, index }));
  }

  coin(kind: SecretKey["kind"] = "ed25519", change: Partial<Header> = {}): Coin {
    return this.coins(1, kind, change)[0] as Coin;
  }

  /** Coins that one transaction creates. */
  coins(count: number, kind?: SecretKey["kind"], change: Partial<Header> = {}): Coin[] {
    const made = Array.from({ length: count }, () => {
      const key = this.key(kind);
      const opening = this.opening(ALICE.id);
      return { key, opening, authority: holderAuthority({ ...opening, key: publicKeyOf(key) }) };
    });
    const refs = this.states(
      made.map(({ authority }) => authority),
      change,
    );
    return made.map(({ key, opening }, i) => ({ ref: refs[i] as StateRef, key, opening }));
  }

  /** One output for each header where no outputs are given; sets are sorted unless all is `asIs`. */
  build(draft: Draft, options: { asIs?: boolean } = {}): Transaction {
    const whole: Draft = { ...this.#plain(draft), ...draft };
    const groups = GROUP_NAMES.map((name) => {
      const schema: Schema = COMPONENT_SCHEMAS[name];
      const components = (whole[name] ?? []).map(
        (component): OpenComponent => ({
          kind: "open",
          nonce: this.hash("nonce"),
          component: encode(schema, component as never),
        }),
      );
      if (SETS.includes(name) && options.asIs !== true)
        components.sort((a, b) => compareBytes(a.component, b.component));
      return { kind: "listed" as const, components };
    });
    const transaction = { groups };
    this.#built.set(transactionId(transaction), transaction);
    return transaction;
  }

  sign(transaction: Transaction, ...keys: SecretKey[]): SignedTransaction {
    const id = transactionId(transaction);
    return { transaction, signatures: keys.map((key) => signTransaction(key, NETWORK, id)) };
  }

  /** What a spender shows of a transaction built here, of states created here. */
  request(signed: SignedTransaction, ...openings: Opening[]): NotarisationRequest {
    const creating = (id: TransactionId) => {
      const found = this.#built.get(id);
      if (found === undefined) throw new Error(`no transaction ${id} was built here`);
      return found;
    };
    return notarisationRequest(signed, { creating, openings });
  }

  /** The coins go to Bob, signed with their one-time keys. */
  move(coins: readonly Coin[], draft: Draft = {}): SignedTransaction {
    const inputs = coins.map(({ ref }) => ref);
    const transaction = this.build({ inputs, headers: [this.bobsHeader()], ...draft });
    return this.sign(transaction, ...coins.map(({ key }) => key));
  }

  #plain({ headers = [] }: Draft): Draft {
    const identity = "00".repeat(32) as IdentityId;
    return {
      meta: [{ version: 0, hash: "sha-256", network: NETWORK, notary: NOTARY }],
      outputs: headers.map(() => ({
        contract: "coin",
        type: "coin",
        constraint: { kind: "approved" },
        data: this.#bytes("state"),
      })),
      commands: [
        {
          contract: "coin",
          name: "move",
          data: this.#bytes("command"),
          signers: [{ kind: "identity", identity }],
        },
      ],
      parameters: [{ hash: CURRENT_HASH }],
    };
  }

  #bytes(purpose: string): Uint8Array {
    return countedBytes(this.hash(purpose), 0);
  }
}
