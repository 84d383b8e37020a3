import { randomBytes } from "node:crypto";
import { encode, type KeyTree, keyId, publicKeyOf, type SecretKey, toHex } from "@stateset/codec";
import { VmContractRunner } from "@stateset/contract-vm";
import {
  consentToKey,
  deriveAuthority,
  formatStateRef,
  formatX500Name,
  type GoverningContract,
  hashParameters,
  type IdentityId,
  LedgerError,
  type NotaryId,
  type Party,
  type ResolvedState,
  registerParty,
  type SignedTransaction,
  type StateRef,
  signTransaction,
  TransactionBuilder,
  type TransactionId,
  transactionId,
  uniqueKeyClaims,
  verifyTransaction,
} from "@stateset/ledger";
import type { Contract, GuestValue } from "@stateset/ledger/contract";
import type { Draft, DraftCommand, DraftParty, DraftState } from "./draft.ts";
import type { NetworkContracts } from "./network-contracts.ts";

const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/**
 * Judges drafts by the bundles and under the parameters of a running network, as its nodes would:
 * only the parties, and the states that are spent, are made up.
 */
export class DraftLedger {
  readonly #network: NetworkContracts;
  readonly #runner = new VmContractRunner();
  readonly #notary = toHex(random(32)) as NotaryId;
  readonly #parties = new Map<IdentityId, { party: Party; key: KeyTree }>();
  readonly #secrets = new Map<string, SecretKey>();

  constructor(network: NetworkContracts) {
    this.#network = network;
  }

  party(organisation: string): DraftParty {
    const { network } = this.#network.parameters;
    const key = this.#newKey();
    const name = formatX500Name({ organisation, country: "CH" });
    const party = registerParty({ network, name, key: publicKeyOf(key) });
    this.#parties.set(party.id, { party, key: publicKeyOf(key) });
    const holder: DraftParty["holder"] = () => {
      const oneTime = publicKeyOf(this.#newKey());
      const said = { identity: party.id, blinding: toHex(random(32)), key: oneTime };
      return consentToKey(network, said, key);
    };
    return { party, key, holder };
  }

  /** The rule or the code that refuses a draft; nothing where it is valid. */
  async refusalOf(draft: Draft): Promise<string | undefined> {
    const states = new Map<string, ResolvedState>();
    const signed = this.#sign(draft, states);
    const { parameters, bundles } = this.#network;
    const hash = hashParameters(parameters);
    try {
      await verifyTransaction(signed, {
        network: parameters.network,
        parameters: (wanted) => (wanted === hash ? parameters : undefined),
        resolve: (ref) => states.get(formatStateRef(ref)),
        bundle: (wanted) => bundles.find((each) => each.hash === wanted),
        identityKey: (identity) => this.#parties.get(identity)?.key,
        party: (identity) => this.#parties.get(identity)?.party,
        contracts: this.#runner,
      });
      return undefined;
    } catch (error) {
      if (error instanceof LedgerError) return error.refusedBy;
      throw error;
    }
  }

  #sign(draft: Draft, states: Map<string, ResolvedState>): SignedTransaction {
    const { parameters } = this.#network;
    const { inputs, outputs, references = [], command, others = [] } = draft;
    const builder = new TransactionBuilder({ parameters, notary: this.#notary, random });
    for (const each of inputs) builder.addInput(this.#put(each, states), this.#governing(each));
    for (const each of references)
      builder.addReference(this.#put(each, states), this.#governing(each));
    for (const each of outputs)
      builder.addOutput(this.#governing(each), each.type, each.state as never);
    for (const each of [command, ...others]) {
      const signers = each.signers.map(({ party }) => ({
        kind: "identity" as const,
        identity: party.id,
      }));
      builder.addCommand(this.#governing(each), each.name, each.data as never, signers);
      for (const claim of this.#claimsOf(each, draft)) builder.addUniqueKey(claim);
    }
    if (draft.timeWindow !== undefined) builder.setTimeWindow(draft.timeWindow);
    const transaction = builder.build();
    const id = transactionId(transaction);
    const keys = this.#signingKeys(draft);
    const signatures = keys.map((key) => signTransaction(key, parameters.network, id));
    return { transaction, signatures };
  }

  #put(each: DraftState, states: Map<string, ResolvedState>): StateRef {
    const { contract, constraint } = this.#governing(each);
    const { schema, authority } = contract.states[each.type] as Contract["states"][string];
    const data = encode(schema, each.state as never);
    const ref = { txId: toHex(random(32)) as TransactionId, index: 0 };
    states.set(formatStateRef(ref), {
      output: { contract: contract.name, type: each.type, constraint, data },
      header: {
        notary: this.#notary,
        authority: deriveAuthority(authority as never, each.state as never),
        encumbranceSet: [],
      },
      createdAt: 0,
    });
    return ref;
  }

  #claimsOf({ contract: of, name, data, signers }: DraftCommand, draft: Draft) {
    const entries = (states: readonly DraftState[]) =>
      states.map(({ contract, type, state }) => ({ contract, type, state: state as GuestValue }));
    const { contract } = this.#governing({ contract: of });
    if (contract.commands[name] === undefined) return [];
    return uniqueKeyClaims(contract, {
      command: {
        name,
        data: data as GuestValue,
        signers: signers.map(({ party }) => `identity:${party.id}`),
      },
      inputs: entries(draft.inputs),
      outputs: entries(draft.outputs),
      references: entries(draft.references ?? []),
      timeWindow: draft.timeWindow ?? {},
    });
  }

  /** Each signer's key, and the one-time keys of the states that it spends. */
  #signingKeys({ command, others = [], inputs, withoutSignatureOf }: Draft): SecretKey[] {
    const keys = new Map<string, SecretKey>();
    for (const { party, key } of [command, ...others].flatMap(({ signers }) => signers)) {
      if (party.id === withoutSignatureOf?.party.id) continue;
      keys.set(keyId(publicKeyOf(key)), key);
      for (const { owner } of inputs.map(({ state }) => state)) {
        const { identity, key: oneTime } = owner as { identity?: string; key?: never };
        if (identity !== party.id || oneTime === undefined) continue;
        keys.set(keyId(oneTime), this.#secrets.get(keyId(oneTime)) as SecretKey);
      }
    }
    return [...keys.values()];
  }

  #governing({ contract: name }: { contract: string }): GoverningContract<Contract> {
    const found = this.#network.governing.find(({ contract }) => contract.name === name);
    if (found === undefined) throw new Error(`the network has no contract ${name}`);
    return found;
  }

  #newKey(): SecretKey {
    const key: SecretKey = { kind: "ed25519", secret: random(32) };
    this.#secrets.set(keyId(publicKeyOf(key)), key);
    return key;
  }
}
