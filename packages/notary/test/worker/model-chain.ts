import { fromHex, type Hex, rootFromPath, type Signature, toHex } from "@stateset/codec";
import { decodeNotarisationRequest, type NetworkMap } from "@stateset/flow";
import {
  blockLeaf,
  countMembers,
  type MemberSet,
  type MemberSetChange,
  memberSetPayload,
  type StateRef,
  type TransactionId,
} from "@stateset/ledger";
import { type CheckedRequest, checkRequest } from "../../src/check-request.ts";
import { decideBlock } from "../../src/decide-block.ts";
import { NotaryRefusal } from "../../src/notary-refusal.ts";
import type { NotarisedAt, NotaryTip, TakenBy } from "../../src/notary-store.ts";
import { type OpenedRequest, openRequest } from "../../src/open-request.ts";
import { draftBlock } from "../../src/seal-block.ts";
import type { ChainBlock, ChainPlace, ChainRequest } from "../../src/worker/chain.ts";
import { decodeVerdict, encodeVerdict, type Verdict } from "../../src/worker/verdict.ts";
import type { TestClock } from "./test-clock.ts";

export type PooledBatch = {
  requests: readonly ChainRequest[];
  told(chainHeight: number, verdicts: Verdict[]): void;
};

/**
 * The chain's state machine, made of the rules that the embedded notary has. As the real one it
 * knows creating transactions only by the places that a worker shows, and seals a block of the
 * notary where a block of its own notarised something.
 */
export class ModelChain {
  readonly map: NetworkMap;
  readonly clock: TestClock;
  readonly sealed: ChainBlock[] = [];
  /** Of the chain's blocks; the first has height 1. */
  readonly times: number[] = [];
  readonly changes: MemberSetChange[] = [];
  pending: MemberSetChange | undefined;
  /** How many requests each block judged. */
  readonly loads: number[] = [];
  isHalted = false;
  readonly #pool: PooledBatch[] = [];
  readonly #onBlock: (() => void)[] = [];
  readonly #notarised = new Map<TransactionId, { height: number; index: number }>();
  readonly #consumed = new Map<Hex, TakenBy>();
  readonly #uniqueKeys = new Map<Hex, TakenBy>();
  #memberSet: MemberSet;
  #tip: NotaryTip | undefined;
  #making: CheckedRequest[] = [];

  constructor(map: NetworkMap, genesis: MemberSet, clock: TestClock) {
    this.map = map;
    this.clock = clock;
    this.#memberSet = genesis;
    this.makeBlock();
  }

  onBlock(listener: () => void): void {
    this.#onBlock.push(listener);
  }

  /** What comes in one turn is one block. */
  pool(batch: PooledBatch): void {
    this.#pool.push(batch);
    if (this.#pool.length === 1) setImmediate(() => this.makeBlock());
  }

  /** Also without anything to decide: so time passes. */
  makeBlock(): void {
    if (this.isHalted) return;
    this.times.push(Math.max(this.clock.now(), this.times.at(-1) ?? 0));
    const chainHeight = this.times.length;
    const batches = this.#pool.splice(0);
    const verdicts = batches.map(({ requests }) =>
      requests.map((request) => decodeVerdict(encodeVerdict(this.#judge(request)))),
    );
    this.loads.push(verdicts.flat().length);
    if (this.#making.length > 0) this.#seal(chainHeight);
    this.#changeMembers();
    for (const listener of this.#onBlock) listener();
    for (const [i, { told }] of batches.entries()) told(chainHeight, verdicts[i] as Verdict[]);
  }

  place(
    id: TransactionId,
  ): { at: { height: number; index: number }; block: ChainBlock } | undefined {
    const at = this.#notarised.get(id);
    const block = at === undefined ? undefined : this.sealed[at.height - 1];
    return at === undefined || block === undefined ? undefined : { at, block };
  }

  agree(epoch: number, signature: Signature): void {
    if (this.pending?.next.epoch === epoch) this.pending.signatures.push(signature);
  }

  #judge({ shown, created }: ChainRequest): Verdict {
    try {
      const opened = openRequest(decodeNotarisationRequest(shown));
      const earlier = this.#notarised.get(opened.id);
      if (earlier !== undefined) return { kind: "notarised", ...earlier };
      const request = checkRequest(opened, { id: this.#memberSet.cluster, map: this.map });
      const [decision] = decideBlock([{ kind: "checked", request }], {
        facts: {
          notarised: this.#creations(opened, created),
          consumed: this.#consumed,
          uniqueKeys: this.#uniqueKeys,
        },
        blockTime: this.#blockTime,
        identityKey: (identity) => this.map.identityKey(identity),
      }).decisions;
      if (decision?.kind === "refused") return decision;
      return { kind: "notarised", ...this.#include(request) };
    } catch (error) {
      if (error instanceof NotaryRefusal) return { kind: "refused", fault: error.fault };
      throw error;
    }
  }

  #include(request: CheckedRequest): { height: number; index: number } {
    const taken = { by: request.leaf, at: this.#blockTime };
    for (const { key } of request.inputs) this.#consumed.set(key, taken);
    for (const { encoded } of request.uniqueKeys) this.#uniqueKeys.set(encoded, taken);
    const at = { height: this.sealed.length + 1, index: this.#making.push(request) - 1 };
    this.#notarised.set(request.id, at);
    return at;
  }

  /** Those proven by the places shown, and those that this block has notarised already. */
  #creations(
    { inputs, references }: OpenedRequest,
    created: ChainRequest["created"],
  ): Map<TransactionId, NotarisedAt> {
    const creations = new Map<TransactionId, NotarisedAt>();
    for (const [i, { txId }] of [...inputs, ...references].entries() as Iterable<
      [number, StateRef]
    >) {
      const place = created[i];
      const block = place === undefined ? undefined : this.sealed[place.height - 1];
      const isMade = this.#making.some(({ id }) => id === txId);
      if (place !== undefined && block !== undefined && isAt(txId, place, block))
        creations.set(txId, { ...place, blockTime: block.header.blockTime });
      else if (isMade) creations.set(txId, { height: 0, index: 0, blockTime: this.#blockTime });
    }
    return creations;
  }

  #seal(chainHeight: number): void {
    const draft = draftBlock(this.#making, {
      tip: this.#tip,
      blockTime: this.#blockTime,
      memberSet: this.#memberSet,
    });
    this.#tip = { header: draft.header, frontier: draft.frontier };
    const ids = this.#making.map(({ id }) => id);
    this.sealed.push({ header: draft.header, ids, chainHeight });
    this.#making = [];
  }

  #changeMembers(): void {
    const { pending } = this;
    if (pending === undefined) return;
    const payload = memberSetPayload(this.map.network, pending.next);
    if (countMembers(this.#memberSet, pending.signatures, payload) < this.#memberSet.quorum) return;
    this.#memberSet = pending.next;
    this.changes.push(pending);
    this.pending = undefined;
  }

  get #blockTime(): number {
    return this.times.at(-1) as number;
  }
}

function isAt(id: TransactionId, place: ChainPlace, { header }: ChainBlock): boolean {
  const root = rootFromPath(blockLeaf(id), place, place.path.map(fromHex));
  return root !== undefined && toHex(root) === header.blockRoot;
}
