import { compareBytes, decode, encode, fromHex, taggedHashBytes, toHex } from "@stateset/codec";
import {
  type AttachedBundle,
  type BundleFile,
  type BundleHash,
  type ContractRunner,
  decodeBundleFile,
  decodeSignedTransaction,
  encodeBundleFile,
  encodeSignedTransaction,
  formatStateRef,
  type IdentityId,
  LedgerError,
  loadBundleFile,
  openGroup,
  type PartlyVerifiedTransaction,
  type Receipt,
  receiptSchema,
  type SignedTransaction,
  type StateRef,
  type Transaction,
  type TransactionId,
  transactionId,
  type VerifiedTransaction,
  type VerifyContext,
  verifyPartly,
  verifyReceipt,
  verifyTransaction,
} from "@stateset/ledger";
import { FlowFailure, type HistoryTicket, type OwnState } from "../flow-context.ts";
import type { Log } from "../log.ts";
import type { Keys } from "../ports/keys.ts";
import type { Network } from "../ports/network.ts";
import type { NetworkMap } from "../ports/network-map.ts";
import type { Store, Write } from "../ports/store.ts";
import type { StateTable } from "../ports/vault.ts";
import { BoundedCache } from "./bounded-cache.ts";
import { fetchBundles, fetchHistory, type HistoryEntry } from "./fetch-history.ts";
import { JudgedRules } from "./judged-rules.ts";
import {
  decodeKnown,
  type KnownTransaction,
  knownTransaction,
  parentsOf,
  resolvedState,
} from "./known-transaction.ts";
import { relevantStates } from "./relevant-states.ts";
import { withoutPrivate } from "./without-private.ts";

/** Transactions whose states are spent soon: each takes some 25 kB of memory. */
const KNOWN_MAX = 384;
/** Flows keep what they verified; this serves those that meet the same transaction again. */
const VERIFIED_MAX = 32;
/** Of a history: enough to share a write to disk, little enough to hold. */
const WRITES_AT_ONCE = 256;

export type LedgerServiceOptions = {
  store: Store;
  network: Network;
  map: NetworkMap;
  keys: Keys;
  contracts: ContractRunner;
  /** Bundles that this node's apps bring. */
  bundles: readonly BundleFile[];
  tables: readonly StateTable[];
  log: Log;
};

/** A transaction found valid, with the signatures that it was judged by. */
export type Verified = {
  verified: VerifiedTransaction;
  signed: SignedTransaction;
  /** Whether some of the signatures are this node's, made to check by and given to nobody. */
  isOursUngiven?: boolean;
};
type History = { peer: IdentityId; tickets: readonly HistoryTicket[] };

type FetchedBundle = { bundle: AttachedBundle; file: BundleFile };
type FetchedBundles = Map<BundleHash, FetchedBundle>;

/** What a transaction is judged by, besides what this node has. */
type Judgement = {
  known: ReadonlyMap<TransactionId, KnownTransaction>;
  bundles: FetchedBundles;
  blockTime?: number;
};

/**
 * What this node knows of the ledger: verifies transactions with their history, and says what must
 * be written when one is recorded. Verified once is verified for ever, so all of it may be cached.
 */
export class LedgerService {
  readonly #on: LedgerServiceOptions;
  readonly #known = new BoundedCache<TransactionId, KnownTransaction>(KNOWN_MAX);
  readonly #verified = new BoundedCache<TransactionId, Verified>(VERIFIED_MAX);
  readonly #bundles = new Map<BundleHash, AttachedBundle>();
  /** Of this node's apps, by contract. */
  readonly #own = new Map<string, AttachedBundle>();
  readonly #rules: JudgedRules;
  readonly #ticketSecret: Uint8Array;
  readonly #tables: ReadonlyMap<string, StateTable>;

  constructor(options: LedgerServiceOptions) {
    this.#on = options;
    this.#rules = new JudgedRules(options.contracts);
    this.#ticketSecret = options.keys.derive("history tickets");
    this.#tables = new Map(options.tables.map((each) => [`${each.contract}/${each.type}`, each]));
    for (const file of options.bundles) {
      const bundle = loadBundleFile(file);
      this.#keepBundle(bundle);
      const { name, version } = bundle.bundle;
      if ((this.#own.get(name)?.bundle.version ?? 0) <= version) this.#own.set(name, bundle);
    }
  }

  /** What a restarted node would not have otherwise: the bundles of its apps as attachments. */
  attachments(): Write[] {
    return this.#on.bundles.map((file) => ({
      kind: "attachment",
      attachment: {
        hash: loadBundleFile(file).hash,
        kind: "bundle",
        content: encodeBundleFile(file),
      },
    }));
  }

  /**
   * See `FlowContext.verify`; `signed` carries every signature that it is to be judged by, and each
   * of them has been given away: what is found is kept, and answers for others that meet it again.
   */
  async verify(signed: SignedTransaction, history?: History): Promise<Verified> {
    const id = transactionId(signed.transaction);
    const cached = this.#verified.get(id);
    if (cached !== undefined) return cached;
    const entry = { verified: await this.#check(signed, history, verifyTransaction), signed };
    this.#verified.set(id, entry);
    return entry;
  }

  /**
   * What a transaction lacks of signatures, all else of it checked. Neither kept nor answered from
   * what is kept: it may be judged by a signature of this node that nobody was given, and what it
   * lacks must not depend on what else this node has met.
   */
  async verifyPartly(
    signed: SignedTransaction,
    history?: History,
  ): Promise<PartlyVerifiedTransaction> {
    return await this.#check(signed, history, verifyPartly);
  }

  async #check<V>(
    signed: SignedTransaction,
    history: History | undefined,
    judge: (signed: SignedTransaction, context: VerifyContext) => Promise<V>,
  ): Promise<V> {
    const parents = parentsOf(signed.transaction);
    let known = await this.known(parents);
    const missing = parents.filter((each) => !known.has(each));
    if (missing.length > 0 && history !== undefined) {
      await this.#fetch(missing, history);
      known = await this.known(parents);
    }
    const bundles: FetchedBundles = new Map();
    await this.#addMissingBundles(bundles, signed.transaction, history?.peer);
    const contracts = this.#rules.of(transactionId(signed.transaction));
    const judged = await judge(signed, { ...this.#context({ known, bundles }), contracts });
    if (bundles.size > 0) await this.#on.store.commit([...bundles.values()].map(bundleWrite));
    for (const { bundle } of bundles.values()) this.#keepBundle(bundle);
    return judged;
  }

  /** Transactions that this node has recorded or checked as somebody's history. */
  async known(ids: readonly TransactionId[]): Promise<Map<TransactionId, KnownTransaction>> {
    const found = new Map<TransactionId, KnownTransaction>();
    const absent: TransactionId[] = [];
    for (const id of ids) {
      const cached = this.#known.get(id);
      if (cached === undefined) absent.push(id);
      else found.set(id, cached);
    }
    if (absent.length === 0) return found;
    for (const { id, signed, notarisedAt } of await this.#on.store.transactions(absent)) {
      const known = decodeKnown(id, signed, notarisedAt);
      this.#known.set(id, known);
      found.set(id, known);
    }
    return found;
  }

  /** Whether it is in the store: what is known may still be on its way there. */
  async isRecorded(id: TransactionId): Promise<boolean> {
    return (await this.#on.store.transactions([id])).length > 0;
  }

  /** @throws FlowFailure `ledger/state-unknown` */
  async states(refs: readonly StateRef[]): Promise<OwnState[]> {
    const known = await this.known([...new Set(refs.map(({ txId }) => txId))]);
    for (const { bundles } of known.values()) await this.#loadByHash([...bundles.values()]);
    return refs.map((ref) => {
      const transaction = known.get(ref.txId);
      const output = transaction?.outputs[ref.index];
      const bundle =
        output && this.#bundles.get(transaction?.bundles.get(output.contract) as never);
      const schema = output && bundle?.states.get(output.type)?.schema;
      if (output === undefined || schema === undefined)
        throw new FlowFailure("ledger/state-unknown", "this node does not have the state", {
          ref: formatStateRef(ref),
        });
      return { ref, output, state: decode(schema, output.data) as Record<string, unknown> };
    });
  }

  /** @throws FlowFailure `ledger/transaction-unknown` */
  async recorded(id: TransactionId): Promise<{ signed: SignedTransaction; receipt: Receipt }> {
    const [found] = await this.#on.store.transactions([id]);
    if (found === undefined)
      throw new FlowFailure("ledger/transaction-unknown", "this node does not have it", { id });
    const signed = withoutPrivate(decodeSignedTransaction(found.signed));
    return { signed, receipt: decode(receiptSchema, found.receipt) };
  }

  bundle(hash: BundleHash): AttachedBundle | undefined {
    return this.#bundles.get(hash);
  }

  /** The newest bundle of the name that this node's apps bring. */
  bundleNamed(contract: string): AttachedBundle | undefined {
    return this.#own.get(contract);
  }

  ticket(id: TransactionId, party: IdentityId): HistoryTicket {
    const mac = taggedHashBytes("node", this.#ticketSecret, fromHex(party), fromHex(id));
    return { id, ticket: toHex(mac.subarray(0, 16)) };
  }

  tickets(transaction: Transaction, party: IdentityId): HistoryTicket[] {
    return parentsOf(transaction).map((id) => this.ticket(id, party));
  }

  holdsTicket({ id, ticket }: HistoryTicket, party: IdentityId): boolean {
    return compareBytes(fromHex(this.ticket(id, party).ticket), fromHex(ticket)) === 0;
  }

  #context({ known, bundles, blockTime }: Judgement): VerifyContext {
    const { map, contracts } = this.#on;
    return {
      network: map.network,
      parameters: (hash) => map.parameters(hash),
      resolve: ({ txId, index }) => {
        const transaction = known.get(txId);
        return transaction && resolvedState(transaction, index);
      },
      bundle: (hash) => this.#bundles.get(hash) ?? bundles.get(hash)?.bundle,
      identityKey: (identity) => map.identityKey(identity),
      party: (identity) => map.party(identity),
      contracts,
      ...(blockTime === undefined ? {} : { blockTime }),
    };
  }

  /**
   * What recording a transaction writes.
   * @throws LedgerError `receipt/…`
   */
  record(entry: Verified, receipt: Receipt): Write[] {
    const { known, writes } = this.#recorded(entry, receipt);
    this.#known.set(known.id, known);
    return writes;
  }

  #recorded(
    { verified, signed }: Verified,
    receipt: Receipt,
  ): { known: KnownTransaction; writes: Write[] } {
    const { id, contents } = verified;
    const { map, keys } = this.#on;
    const notary = map.notary(contents.meta.notary);
    if (notary === undefined)
      throw new LedgerError({
        code: "receipt/wrong-chain",
        expected: contents.meta.notary,
        found: receipt.block.cluster,
      });
    const { memberSets } = notary;
    const block = verifyReceipt(receipt, id, { network: map.network, memberSets });
    if (block.cluster !== contents.meta.notary)
      throw new LedgerError({
        code: "receipt/wrong-chain",
        expected: contents.meta.notary,
        found: block.cluster,
      });
    const notarisedAt = block.blockTime;
    const known = knownTransaction(id, signed.transaction, notarisedAt, contents);
    const transaction = {
      id,
      signed: encodeSignedTransaction(signed),
      receipt: encode(receiptSchema, receipt),
      notarisedAt,
    };
    const of = { identity: keys.identity, tables: this.#tables };
    const consumed = contents.inputs.map(
      (ref): Write => ({ kind: "consume", ref, by: id, at: notarisedAt }),
    );
    const states = relevantStates(verified, notarisedAt, of);
    return { known, writes: [{ kind: "transaction", transaction }, ...states, ...consumed] };
  }

  /** Fetches, checks and records the history that is missing, oldest first. */
  async #fetch(missing: readonly TransactionId[], history: History): Promise<void> {
    const { network, store, log } = this.#on;
    const { peer } = history;
    const ordered = await fetchHistory(missing, history, {
      network,
      known: async (ids) => new Set((await this.known(ids)).keys()),
    });
    log("debug", "history fetched", { peer, transactions: ordered.length });
    const checked = new Map<TransactionId, KnownTransaction>();
    const bundles: FetchedBundles = new Map();
    let writes: Write[] = [];
    for (const entry of ordered) {
      const done = await this.#checkFetched(entry, { checked, bundles, peer });
      checked.set(done.known.id, done.known);
      writes.push(...done.writes);
      if (writes.length < WRITES_AT_ONCE) continue;
      await store.commit(writes);
      writes = [];
    }
    if (writes.length > 0) await store.commit(writes);
    // Not before: what is in no store would be missed by whoever asks for it next.
    for (const known of checked.values()) this.#known.set(known.id, known);
    for (const { bundle } of bundles.values()) this.#keepBundle(bundle);
  }

  async #checkFetched(
    { signed, receipt }: HistoryEntry,
    by: {
      checked: ReadonlyMap<TransactionId, KnownTransaction>;
      bundles: FetchedBundles;
      peer: IdentityId;
    },
  ): Promise<{ known: KnownTransaction; writes: Write[] }> {
    const { transaction } = signed;
    const { checked, bundles, peer } = by;
    const parents = parentsOf(transaction);
    const known = await this.known(parents.filter((id) => !checked.has(id)));
    for (const id of parents) {
      const parent = checked.get(id);
      if (parent !== undefined) known.set(id, parent);
    }
    const added = await this.#addMissingBundles(bundles, transaction, peer);
    const { blockTime } = receipt.block;
    const context = this.#context({ known, bundles, blockTime });
    const verified = await verifyTransaction(signed, context);
    const recorded = this.#recorded({ verified, signed }, receipt);
    return { ...recorded, writes: [...added.map(bundleWrite), ...recorded.writes] };
  }

  /**
   * Bundles that a peer has and this node lacks. They are kept only once a transaction was valid by
   * them: the same bundle without its owner's signature must not take its place.
   * @returns those added
   */
  async #addMissingBundles(
    to: FetchedBundles,
    transaction: Transaction,
    peer: IdentityId | undefined,
  ): Promise<FetchedBundle[]> {
    const hashes = openGroup(transaction, "attachments").map(({ bundle }) => bundle);
    const missing = await this.#loadByHash(hashes.filter((hash) => !to.has(hash)));
    if (missing.length === 0 || peer === undefined) return [];
    const fetched: FetchedBundle[] = [];
    for (const file of await fetchBundles(missing, peer, this.#on.network)) {
      const bundle = loadBundleFile(file);
      if (missing.includes(bundle.hash)) fetched.push({ bundle, file });
    }
    for (const each of fetched) to.set(each.bundle.hash, each);
    return fetched;
  }

  /** @returns the hashes of bundles that this node does not have */
  async #loadByHash(hashes: readonly BundleHash[]): Promise<BundleHash[]> {
    const absent = hashes.filter((hash) => !this.#bundles.has(hash));
    if (absent.length === 0) return [];
    for (const { kind, content } of await this.#on.store.attachments(absent))
      if (kind === "bundle") this.#keepBundle(decodeBundleFile(content));
    return absent.filter((hash) => !this.#bundles.has(hash));
  }

  #keepBundle(bundle: AttachedBundle): void {
    this.#bundles.set(bundle.hash, bundle);
  }
}

function bundleWrite({ bundle: { hash }, file }: FetchedBundle): Write {
  return {
    kind: "attachment",
    attachment: { hash, kind: "bundle", content: encodeBundleFile(file) },
  };
}
