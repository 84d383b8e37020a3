import { merklePath, type Signature, type SignaturePayload, toHex } from "@stateset/codec";
import type { Clock, NetworkMap, NotaryAnswer } from "@stateset/flow";
import {
  type BlockHeader,
  blockLeaf,
  countMembers,
  hashMemberSet,
  type IdentityId,
  type MemberSet,
  type Receipt,
  type TransactionId,
} from "@stateset/ledger";
import type { CheckedRequest } from "./check-request.ts";
import { type BlockEntry, type Decision, decideBlock } from "./decide-block.ts";
import type {
  NotarisedAt,
  NotarisedTransaction,
  NotaryQuery,
  NotaryStore,
  NotaryTip,
} from "./notary-store.ts";
import { blockPayload, type DraftBlock, draftBlock, receiptOf } from "./seal-block.ts";

export type BlockMakerOptions = {
  /** The one member, whose key `sign` has; its cluster is what transactions name. */
  memberSet: MemberSet;
  sign(payload: SignaturePayload): Promise<Signature>;
  store: NotaryStore;
  clock: Clock;
  map: NetworkMap;
  /** Called wherever the process might die; the crash tests end it there. */
  onPoint?: (point: string) => void;
};

/** What one block is to decide. */
export type BlockWork = {
  entries: readonly (BlockEntry & { requester?: IdentityId })[];
  /** Transactions asked after, each with the end of its window. */
  absences: readonly { id: TransactionId; until: number }[];
};

export type BlockOutcome = {
  answers: NotaryAnswer[];
  /** The newest block, this one or an earlier one where there was nothing to write. */
  newest: BlockHeader | undefined;
  /** The ids asked after that are notarised. */
  notarised: ReadonlySet<TransactionId>;
};

/** Looks up, decides, signs and commits, one block at a time; callers must not overlap. */
export class BlockMaker {
  readonly #options: BlockMakerOptions;
  /** Unknown at first, and again after a failure: then a block may have been written or not. */
  #tip: { is: NotaryTip | undefined } | undefined;
  #isSignerProven = false;

  constructor(options: BlockMakerOptions) {
    this.#options = options;
  }

  async make(work: BlockWork): Promise<BlockOutcome> {
    try {
      return await this.#make(work);
    } catch (error) {
      this.#tip = undefined;
      throw error;
    }
  }

  /** @returns the receipt of a transaction notarised at this place */
  async receiptAt({ height, index }: NotarisedAt): Promise<Receipt> {
    const block = await this.#options.store.block(height);
    if (block === undefined) throw new Error(`block ${height} is missing from the store`);
    const { header, signatures, ids } = block;
    const path = merklePath(ids.map(blockLeaf), index).map(toHex);
    return receiptOf(header, signatures, { index, size: ids.length, path });
  }

  async #make({ entries, absences }: BlockWork): Promise<BlockOutcome> {
    const { store, clock, map, onPoint } = this.#options;
    onPoint?.("notary/block/before");
    this.#tip ??= { is: await store.tip() };
    const tip = this.#tip.is;
    const facts = await store.lookup(queryOf(entries, absences));
    const before = tip?.header.blockTime ?? 0;
    const blockTime = Math.max(clock.now(), before);
    const identityKey = (identity: IdentityId) => map.identityKey(identity);
    const { decisions, included } = decideBlock(entries, { facts, blockTime, identityKey });
    // That a window has ended must be durable before it is said: time never goes back to it.
    const mustPass = absences.some(
      ({ until }) => until <= blockTime && (until > before || tip === undefined),
    );
    if (included.length === 0 && !mustPass)
      return {
        answers: await this.#answers(decisions, undefined),
        newest: tip?.header,
        notarised: new Set(facts.notarised.keys()),
      };
    const draft = draftBlock(included, { tip, blockTime, memberSet: this.#options.memberSet });
    const signatures = [await this.#sign(draft.header)];
    const requesters = requestersOf(entries);
    const { header, frontier } = draft;
    const transactions = included.map((each) => notarisedTransaction(each, requesters));
    onPoint?.("notary/append/before");
    await store.append({ header, frontier, signatures, transactions });
    onPoint?.("notary/append/after");
    this.#tip = { is: { header, frontier } };
    return {
      answers: await this.#answers(decisions, { draft, signatures }),
      newest: header,
      notarised: new Set([...facts.notarised.keys(), ...included.map(({ id }) => id)]),
    };
  }

  /** A key that is not the member's would make receipts that nobody believes. */
  async #sign(header: BlockHeader): Promise<Signature> {
    const { memberSet, sign, map } = this.#options;
    const payload = blockPayload(map.network, header);
    const signature = await sign(payload);
    if (!this.#isSignerProven && countMembers(memberSet, [signature], payload) < memberSet.quorum)
      throw new Error("the key that signs blocks is not the member's");
    this.#isSignerProven = true;
    return signature;
  }

  async #answers(
    decisions: readonly Decision[],
    made: { draft: DraftBlock; signatures: readonly Signature[] } | undefined,
  ): Promise<NotaryAnswer[]> {
    const answers: NotaryAnswer[] = [];
    for (const decision of decisions)
      if (decision.kind === "refused") answers.push({ kind: "refused", fault: decision.fault });
      else if (decision.kind === "earlier")
        answers.push({ kind: "notarised", receipt: await this.receiptAt(decision.at) });
      else {
        const place = made?.draft.places[decision.index];
        if (made === undefined || place === undefined)
          throw new Error("a transaction was included in no block");
        const receipt = receiptOf(made.draft.header, made.signatures, place);
        answers.push({ kind: "notarised", receipt });
      }
    return answers;
  }
}

/** @throws Error where the store holds the blocks of another cluster, or of other members */
export async function assertStoreIsOf(memberSet: MemberSet, store: NotaryStore): Promise<void> {
  const header = (await store.tip())?.header;
  if (header !== undefined && header.memberSetHash !== hashMemberSet(memberSet))
    throw new Error(`the store is that of cluster ${header.cluster}, or of other members`);
}

function queryOf(entries: BlockWork["entries"], absences: BlockWork["absences"]): NotaryQuery {
  const ids = new Set(absences.map(({ id }) => id));
  const refs = new Set<string>();
  const uniqueKeys = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "refused") {
      ids.add(entry.id);
      continue;
    }
    const { id, inputs, references, uniqueKeys: keys } = entry.request;
    ids.add(id);
    for (const { ref, key } of [...inputs, ...references]) {
      ids.add(ref.txId);
      refs.add(key);
    }
    for (const { encoded } of keys) uniqueKeys.add(encoded);
  }
  return { ids: [...ids], refs: [...refs], uniqueKeys: [...uniqueKeys] };
}

/** Of several who ask for one transaction in one block, the first. */
function requestersOf(entries: BlockWork["entries"]): Map<TransactionId, IdentityId | undefined> {
  const requesters = new Map<TransactionId, IdentityId | undefined>();
  for (const entry of entries)
    if (entry.kind === "checked" && !requesters.has(entry.request.id))
      requesters.set(entry.request.id, entry.requester);
  return requesters;
}

function notarisedTransaction(
  { id, leaf, inputs, uniqueKeys }: CheckedRequest,
  requesters: ReadonlyMap<TransactionId, IdentityId | undefined>,
): NotarisedTransaction {
  const requester = requesters.get(id);
  return {
    id,
    leaf,
    consumed: inputs.map(({ key }) => key),
    uniqueKeys: uniqueKeys.map(({ encoded }) => encoded),
    ...(requester === undefined ? {} : { requester }),
  };
}
