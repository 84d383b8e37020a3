import { type Hash, keyId } from "@stateset/codec";
import {
  followMemberSets,
  hashMemberSet,
  type MemberSet,
  memberSetPayload,
  type NetworkId,
} from "@stateset/ledger";
import type { Chain } from "./chain.ts";
import { assertSignedBy, isAmong, type WorkerKey } from "./worker-key.ts";

export type MemberSetsOptions = {
  network: NetworkId;
  /** What the cluster began with, which everybody knows. */
  genesis: MemberSet;
  chain: Chain;
  key: WorkerKey;
};

/** By the chain's time. A handover waits for a quorum of workers, and is not urgent. */
const LOOK_EVERY_MS = 5_000;

/**
 * The cluster's member sets as far as each was signed by a quorum of the one before it, as every
 * checker of receipts follows them. Signs what the chain has decided and nobody may use yet.
 */
export class MemberSets {
  readonly #options: MemberSetsOptions;
  readonly #stop: () => void;
  #sets: MemberSet[];
  #looking: Promise<void> | undefined;
  #lookedAt = 0;

  constructor(options: MemberSetsOptions) {
    this.#options = options;
    this.#sets = [options.genesis];
    this.#stop = options.chain.onBlock(({ chainTime }) => {
      if (chainTime < this.#lookedAt + LOOK_EVERY_MS) return;
      this.#lookedAt = chainTime;
      // The next look is soon enough where the member does not answer this one.
      this.look().catch(() => undefined);
    });
  }

  get current(): MemberSet {
    return this.#sets.at(-1) as MemberSet;
  }

  /** @returns undefined where the chain has no such set, or does not prove it */
  async of(epoch: number, hash: Hash): Promise<MemberSet | undefined> {
    if (this.#find(epoch, hash) === undefined && epoch > this.current.epoch) await this.look();
    return this.#find(epoch, hash);
  }

  /** Takes over what came to be in effect, and signs what is to be. */
  async look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  close(): void {
    this.#stop();
  }

  async #look(): Promise<void> {
    const { network, chain } = this.#options;
    const { current } = this;
    const { changes, pending } = await chain.memberSets(current.epoch);
    const [, ...later] = followMemberSets(network, current, changes);
    this.#sets = [...this.#sets, ...later];
    if (pending !== undefined) await this.#agreeTo(pending.next, pending.signedBy);
  }

  /** To be asked again is no harm: the chain counts a member once. */
  async #agreeTo(next: MemberSet, signedBy: readonly string[]): Promise<void> {
    const { network, chain, key } = this.#options;
    const { current } = this;
    const isNext = next.cluster === current.cluster && next.epoch === current.epoch + 1;
    const isOurs = isAmong(key.publicKey, current.members) && !signedBy.includes(key.publicKey.key);
    if (!isNext || !isOurs || !isWellFormed(next)) return;
    const signature = await key.sign(memberSetPayload(network, next));
    assertSignedBy(key, signature);
    await chain.signMemberSet(next.epoch, signature);
  }

  #find(epoch: number, hash: Hash): MemberSet | undefined {
    const set = this.#sets.find((each) => each.epoch === epoch);
    return set !== undefined && hashMemberSet(set) === hash ? set : undefined;
  }
}

/** Nobody stands twice, and two quorums always share an honest member. */
function isWellFormed({ members, quorum }: MemberSet): boolean {
  const isDistinct = new Set(members.map(keyId)).size === members.length;
  return isDistinct && quorum === Math.floor((2 * members.length) / 3) + 1;
}
