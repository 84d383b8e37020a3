import { type Signature, toHex } from "@stateset/codec";
import { blockLeaf, type TransactionId } from "@stateset/ledger";
import { ChainError } from "../../src/chain/chain-error.ts";
import { merklePaths } from "../../src/merkle-paths.ts";
import type {
  BlockVerdicts,
  Chain,
  ChainBlock,
  ChainMemberSets,
  ChainPlace,
  ChainRequest,
  ChainTip,
  Places,
  Submission,
} from "../../src/worker/chain.ts";
import type { ModelChain } from "./model-chain.ts";

/** What becomes of a batch: the chain has it or not, and its sender hears of it or not. */
export type SubmitFault = "refused" | "full" | "lost" | "unheard" | "twice";

/** One member's view of the chain, with the faults that a test gives it. */
export class ModelMember implements Chain {
  readonly #chain: ModelChain;
  readonly #listeners = new Set<(tip: ChainTip) => void>();
  /** One for each submission to come; then there are none. */
  readonly faults: SubmitFault[] = [];
  readonly batches: number[] = [];
  isDown = false;
  /** The newest block of the chain that the member has; undefined where it follows. */
  stuckAt: number | undefined;
  /** The member's index of ids is that much behind. */
  indexLag = 0;
  /** What the member shows in place of its blocks. */
  forge: ((block: ChainBlock) => ChainBlock) | undefined;

  constructor(chain: ModelChain) {
    this.#chain = chain;
    chain.onBlock(() => this.tell());
  }

  async submit(requests: readonly ChainRequest[]): Promise<Submission> {
    this.#assertUp();
    this.batches.push(requests.length);
    const fault = this.faults.shift();
    if (fault === "full") throw new ChainError({ code: "chain/full", reason: "no room" });
    if (fault === "refused")
      throw new ChainError({ code: "chain/refused", codespace: "test", number: 1, reason: "no" });
    const { promise, resolve, reject } = Promise.withResolvers<BlockVerdicts>();
    const isHeard = fault === undefined || fault === "twice";
    const told = (chainHeight: number, verdicts: BlockVerdicts["verdicts"]): void => {
      if (isHeard) resolve({ chainHeight, verdicts });
    };
    if (fault !== "lost") this.#chain.pool({ requests, told });
    if (fault === "twice") this.#chain.pool({ requests, told });
    const timeout = new ChainError({ code: "chain/timeout", what: "block", afterMs: 1 });
    if (!isHeard) setImmediate(() => setImmediate(() => reject(timeout)));
    return { verdicts: promise };
  }

  async places(ids: readonly TransactionId[]): Promise<Places> {
    const tip = this.#tipAt(this.#newest - this.indexLag);
    const places = ids.map((id) => {
      const place = this.#chain.place(id);
      const isKnown = place !== undefined && place.block.chainHeight <= tip.chainHeight;
      return isKnown ? placeOf(place.at, place.block) : undefined;
    });
    return { ...tip, places };
  }

  async block(height: number): Promise<ChainBlock | undefined> {
    this.#assertUp();
    const block = this.#chain.sealed[height - 1];
    if (block === undefined || block.chainHeight > this.#newest) return undefined;
    return this.forge?.(block) ?? block;
  }

  async blockTime(chainHeight: number): Promise<number | undefined> {
    this.#assertUp();
    return chainHeight > this.#newest ? undefined : this.#chain.times[chainHeight - 1];
  }

  async tip(): Promise<ChainTip> {
    return this.#tipAt(this.#newest);
  }

  async memberSets(afterEpoch: number): Promise<ChainMemberSets> {
    this.#assertUp();
    const changes = this.#chain.changes.filter(({ next }) => next.epoch > afterEpoch);
    const { pending } = this.#chain;
    if (pending === undefined) return { changes };
    const signedBy = pending.signatures.flatMap((each) =>
      each.kind === "composite" ? [] : [each.key],
    );
    return { changes, pending: { next: pending.next, signedBy } };
  }

  async signMemberSet(epoch: number, signature: Signature): Promise<void> {
    this.#assertUp();
    this.#chain.agree(epoch, signature);
  }

  onBlock(listener: (tip: ChainTip) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells listeners of the newest block that the member has. */
  tell(): void {
    if (this.isDown) return;
    for (const listener of this.#listeners) listener(this.#tipAt(this.#newest));
  }

  get #newest(): number {
    return Math.min(this.stuckAt ?? Number.POSITIVE_INFINITY, this.#chain.times.length);
  }

  #tipAt(chainHeight: number): ChainTip {
    this.#assertUp();
    const height =
      this.#chain.sealed.findLastIndex((block) => block.chainHeight <= chainHeight) + 1;
    return { chainHeight, chainTime: this.#chain.times[chainHeight - 1] ?? 0, height };
  }

  #assertUp(): void {
    if (this.isDown) throw new ChainError({ code: "chain/unreachable", reason: "down" });
  }
}

function placeOf(at: { height: number; index: number }, { ids }: ChainBlock): ChainPlace {
  const path = merklePaths(ids.map(blockLeaf)).paths[at.index] ?? [];
  return { ...at, size: ids.length, path: path.map((sibling) => toHex(sibling)) };
}
