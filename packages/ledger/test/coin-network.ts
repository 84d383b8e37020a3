import {
  encode,
  hex,
  type KeyTree,
  keyId,
  publicKeyOf,
  record,
  type SecretKey,
  taggedHash,
  text,
} from "@stateset/codec";
import { amountSchema } from "../src/amount-schema.ts";
import { deriveAuthority } from "../src/authority-rule.ts";
import { type AttachedBundle, encodeBundle } from "../src/bundle/bundle.ts";
import { bundleOf } from "../src/bundle/bundle-of-contract.ts";
import { loadBundle } from "../src/bundle/load-bundle.ts";
import { type Contract, defineContract, holder } from "../src/contract/define-contract.ts";
import { runContract } from "../src/contract/run-contract.ts";
import { LedgerError, type LedgerFault } from "../src/ledger-error.ts";
import { hashParameters, type NetworkParameters } from "../src/parameters.ts";
import { type Holder, holderSchema } from "../src/party/holder-schema.ts";
import { registerParty } from "../src/party/party.ts";
import { type IdentityId, type Party, partySchema } from "../src/party/party-schema.ts";
import type { OpenComponent } from "../src/transaction/component-form.ts";
import {
  COMPONENT_SCHEMAS,
  type Components,
  type Constraint,
} from "../src/transaction/components.ts";
import { GROUP_NAMES, type GroupName } from "../src/transaction/groups.ts";
import {
  formatStateRef,
  type NetworkId,
  type NotaryId,
  type StateRef,
  type TransactionId,
} from "../src/transaction/ids.ts";
import { type SignedTransaction, signTransaction } from "../src/transaction/signed-transaction.ts";
import { type Transaction, transactionId } from "../src/transaction/transaction.ts";
import type { GoverningContract } from "../src/transaction/transaction-builder.ts";
import type { ContractRunner, ResolvedState, VerifyContext } from "../src/verify/verify-context.ts";
import { verifyTransaction } from "../src/verify/verify-transaction.ts";

export const id32 = (fill: number): string => fill.toString(16).padStart(2, "0").repeat(32);
export const network = id32(0xa0) as NetworkId;
export const notary = id32(0xb0) as NotaryId;
export const secretKey = (fill: number): SecretKey => ({
  kind: "ed25519",
  secret: new Uint8Array(32).fill(fill),
});

export type Person = { key: SecretKey; party: Party; holder: Holder };
function person(fill: number, organisation: string): Person {
  const key = secretKey(fill);
  const name = `O=${organisation},C=CH`;
  const party = registerParty({ network, name, key: publicKeyOf(key) });
  return { key, party, holder: { identity: party.id, blinding: id32(fill) } };
}
export const mint = person(1, "Mint");
export const alice = person(2, "Alice");
export const bob = person(3, "Bob");

export const coinSchema = record({
  issuer: partySchema,
  owner: holderSchema,
  amount: amountSchema,
});
const deedSchema = record({
  linearId: hex({ length: 16 }),
  owner: holderSchema,
  keeper: partySchema,
  label: text({ max: 64 }),
  /** The leaf of a private component. */
  source: hex({ length: 32 }),
});

/** Coins that are issued and moved, and deeds that are written and amended. */
export const coinContract = defineContract({
  name: "coin",
  version: 3,
  states: {
    coin: { schema: coinSchema, authority: holder("owner") },
    deed: { schema: deedSchema, authority: holder("owner") },
  },
  rules: { conserved: "as much comes out as went in" },
  commands: {
    issue: {
      data: record({}),
      creates: { coin: { min: 0, signedBy: ["issuer"] }, deed: { min: 0, signedBy: ["keeper"] } },
      claims: (tx) =>
        tx.outputs.deed.map(({ keeper, label }) => ({
          kind: "coin/label",
          owner: keeper.id,
          fields: [label],
        })),
    },
    move: {
      data: record({ memo: text({ max: 16 }) }),
      consumes: { coin: { min: 1, max: 3, signedBy: ["owner"] } },
      creates: { coin: { min: 1, max: 3 } },
      verify(tx, rule) {
        const sum = (coins: readonly { amount: { minorUnits: bigint } }[]) =>
          coins.reduce((total, { amount }) => total + amount.minorUnits, 0n);
        const [before, after] = [sum(tx.inputs.coin), sum(tx.outputs.coin)];
        rule("conserved", before === after, { before, after });
      },
    },
    amend: {
      data: record({}),
      updates: {
        deed: {
          min: 1,
          max: 1,
          signedBy: ["owner"],
          signedByNew: ["keeper"],
          changes: ["label", "keeper"],
        },
      },
    },
    close: { data: record({}), consumes: { deed: { min: 1, max: 1, signedBy: ["owner"] } } },
  },
});

export function attach(
  change: (bundle: ReturnType<typeof bundleOf>) => void = () => {},
  signatures: AttachedBundle["signatures"] = [],
): AttachedBundle {
  const bundle = bundleOf(coinContract as never as Contract, "contract = () => ''");
  change(bundle);
  return { ...loadBundle(encodeBundle(bundle)), signatures };
}

export const coinBundle = attach();
export const exact: Constraint = { kind: "exact", bundle: coinBundle.hash };
export const governing: GoverningContract<typeof coinContract> = {
  contract: coinContract,
  bundle: coinBundle.hash,
  constraint: exact,
};

export const parameters: NetworkParameters = {
  network,
  epoch: 0,
  vm: {
    engine: id32(1),
    gas: 1_000_000,
    memoryBytes: 1 << 24,
    stackBytes: 1 << 18,
    callDepth: 256,
    inputBytesMax: 1 << 20,
    resultBytesMax: 1 << 16,
    sourceBytesMax: 1 << 20,
  },
  approvedContracts: [],
  contractOwners: [],
  uniqueKeySalt: id32(0x5a),
};

export type PlainComponents = { [G in GroupName]: Components[G][] };

/** A transaction as plain values, with all that a checker knows: each test changes its own. */
export type Draft = {
  components: PlainComponents;
  signers: SecretKey[];
  states: Map<string, ResolvedState>;
  bundles: AttachedBundle[];
  keys: Map<IdentityId, KeyTree>;
  parties: Map<IdentityId, Party>;
  parameters: NetworkParameters;
  run: ContractRunner["run"];
  blockTime?: number;
  changeSigned: (signed: SignedTransaction) => SignedTransaction;
};

export function emptyDraft(): Draft {
  const components = Object.fromEntries(GROUP_NAMES.map((name) => [name, []]));
  const draft: Draft = {
    components: components as never as PlainComponents,
    signers: [],
    states: new Map(),
    bundles: [coinBundle],
    keys: new Map([mint, alice, bob].map(({ party, key }) => [party.id, publicKeyOf(key)])),
    parties: new Map([mint, alice, bob].map(({ party }) => [party.id, party])),
    parameters: structuredClone(parameters),
    run: (_, input) => ({ ok: true, result: runContract(coinContract as never, input), gas: 7n }),
    changeSigned: (signed) => signed,
  };
  draft.components.meta = [{ version: 0, hash: "sha-256", network, notary }];
  draft.components.parameters = [{ hash: hashParameters(parameters) }];
  draft.components.attachments = [{ contract: "coin", bundle: coinBundle.hash }];
  return draft;
}

type CoinState = { issuer: Party; owner: Holder; amount: { minorUnits: bigint; currency: string } };
export const coin = (owner: Holder, minorUnits: bigint): CoinState => ({
  issuer: mint.party,
  owner,
  amount: { minorUnits, currency: "CHF" },
});
type DeedState = { linearId: string; owner: Holder; keeper: Party; label: string; source: string };
export const deed = (change: Partial<DeedState> = {}): DeedState => ({
  linearId: "07".repeat(16),
  owner: alice.holder,
  keeper: mint.party,
  label: "first",
  source: id32(9),
  ...change,
});

export function output(
  type: "coin" | "deed",
  state: CoinState | DeedState,
  constraint: Constraint = exact,
): ResolvedState {
  const data = encode(type === "coin" ? coinSchema : deedSchema, state as never);
  const authority = deriveAuthority({ kind: "holder", field: "owner" }, state as never);
  return {
    output: { contract: "coin", type, constraint, data },
    header: { notary, authority: authority as never, encumbranceSet: [] },
    createdAt: 1_000,
  };
}

export function addOutput(draft: Draft, { output: state, header }: ResolvedState): void {
  draft.components.outputs.push(state);
  draft.components.headers.push(header);
}

export function addState(draft: Draft, fill: number, state: ResolvedState, index = 0): StateRef {
  const ref = { txId: id32(fill) as TransactionId, index };
  draft.states.set(formatStateRef(ref), state);
  return ref;
}

/** Alice pays 60 of her 100 to Bob, and shows a deed. */
export function moveDraft(): Draft {
  const draft = emptyDraft();
  draft.components.inputs = [addState(draft, 0x10, output("coin", coin(alice.holder, 100n)))];
  draft.components.references = [addState(draft, 0x11, output("deed", deed()))];
  addOutput(draft, output("coin", coin(bob.holder, 60n)));
  addOutput(draft, output("coin", coin(alice.holder, 40n)));
  draft.components.commands = [command("move", { memo: "rent" }, alice)];
  draft.components.timeWindow = [{ from: 2_000, until: 9_000 }];
  draft.components.private = [
    { kind: "note", subject: "s-1", mediaType: "text/plain", content: Uint8Array.of(1, 2, 3) },
  ];
  draft.signers = [alice.key];
  return draft;
}

/** The draft under another bundle, which every state of it demands or allows. */
export function governedBy(
  draft: Draft,
  bundle: AttachedBundle,
  constraint: Constraint = { kind: "exact", bundle: bundle.hash },
): Draft {
  draft.bundles = [bundle];
  draft.components.attachments = [{ contract: "coin", bundle: bundle.hash }];
  for (const state of draft.components.outputs) state.constraint = constraint;
  for (const [ref, state] of draft.states)
    draft.states.set(ref, { ...state, output: { ...state.output, constraint } });
  return draft;
}

/** Changes the parameters, and what the draft says of them. */
export function setParameters(draft: Draft, change: Partial<NetworkParameters>): Draft {
  draft.parameters = { ...draft.parameters, ...change };
  draft.components.parameters = [{ hash: hashParameters(draft.parameters) }];
  return draft;
}

export function command(
  name: keyof (typeof coinContract)["commands"] & string,
  data: object,
  ...signers: Person[]
): Components["commands"] {
  const definition = coinContract.commands[name] as { data: Parameters<typeof encode>[0] };
  return {
    contract: "coin",
    name,
    data: encode(definition.data, data as never),
    signers: signers.map(({ party }) => ({ kind: "identity", identity: party.id })),
  };
}

export function openOf<G extends GroupName>(
  group: G,
  component: Components[G],
  at: number,
): OpenComponent {
  const nonce = taggedHash("node", new TextEncoder().encode(`${group} ${at}`));
  return {
    kind: "open",
    nonce,
    component: encode(COMPONENT_SCHEMAS[group] as never, component as never),
  };
}

export function assemble(components: PlainComponents): Transaction {
  return {
    groups: GROUP_NAMES.map((name) => ({
      kind: "listed" as const,
      components: components[name].map((component, at) => openOf(name, component as never, at)),
    })),
  };
}

export function signDraft({ components, signers, changeSigned }: Draft): SignedTransaction {
  const transaction = assemble(components);
  const id = transactionId(transaction);
  const signatures = signers.map((key) => signTransaction(key, network, id));
  return changeSigned({ transaction, signatures });
}

export function contextOf(draft: Draft): VerifyContext {
  const hash = hashParameters(draft.parameters);
  return {
    network,
    parameters: (wanted) => (wanted === hash ? draft.parameters : undefined),
    resolve: (ref) => draft.states.get(formatStateRef(ref)),
    bundle: (wanted) => draft.bundles.find((bundle) => bundle.hash === wanted),
    identityKey: (identity) => draft.keys.get(identity),
    party: (identity) => draft.parties.get(identity),
    contracts: { run: draft.run },
    ...(draft.blockTime === undefined ? {} : { blockTime: draft.blockTime }),
  };
}

export const keyText = (key: SecretKey): string => keyId(publicKeyOf(key));

/** Why the draft is refused, or undefined. */
export async function faultOf(
  draft: Draft,
  signed: SignedTransaction = signDraft(draft),
): Promise<LedgerFault | undefined> {
  try {
    await verifyTransaction(signed, contextOf(draft));
  } catch (error) {
    if (error instanceof LedgerError) return error.fault;
    throw error;
  }
  return undefined;
}

export function ledgerFault(run: () => unknown): LedgerFault | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof LedgerError) return error.fault;
    throw error;
  }
  return undefined;
}
