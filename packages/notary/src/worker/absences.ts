import { keyId, type Signature } from "@stateset/codec";
import { type Absence, absencePayload, type Clock, RemoteFailure } from "@stateset/flow";
import { hashMemberSet, type NetworkId, type TransactionId } from "@stateset/ledger";
import type { Chain } from "./chain.ts";
import type { MemberSets } from "./member-sets.ts";
import { askPeer, type Peers } from "./peers.ts";
import { seekQuorum } from "./quorum.ts";
import type { SealedBlocks } from "./sealed-blocks.ts";
import type { TipWatch } from "./tip-watch.ts";
import { unavailable } from "./unavailable.ts";
import { assertSignedBy, isAmong, type WorkerKey } from "./worker-key.ts";
import {
  ABSENCE_SIGNATURE,
  type AbsenceQuestion,
  type AbsenceStatement,
  encodeAbsenceQuestion,
} from "./worker-messages.ts";

export type AbsencesOptions = {
  network: NetworkId;
  key: WorkerKey;
  chain: Chain;
  tips: TipWatch;
  blocks: SealedBlocks;
  members: MemberSets;
  peers: Peers;
  clock: Clock;
};

/**
 * Proves that a window ended without the transaction. The worker that is asked proposes the
 * statement, with the time of its member's newest block; the others sign the same bytes, each once
 * its own member has that very block, and no such id.
 */
export class Absences {
  readonly #options: AbsencesOptions;

  constructor(options: AbsencesOptions) {
    this.#options = options;
  }

  /** @returns undefined where it is notarised, or the chain's time is not past the window yet */
  async prove(id: TransactionId, until: number): Promise<Absence | undefined> {
    const { network, key, chain, members, peers, clock } = this.#options;
    const { places, chainHeight, chainTime, height } = await chain.places([id]);
    if (places[0] !== undefined || chainHeight === 0 || chainTime < until) return undefined;
    const set = members.current;
    const statement: AbsenceStatement = {
      cluster: set.cluster as string as AbsenceStatement["cluster"],
      height,
      blockTime: chainTime,
      memberEpoch: set.epoch,
      memberSetHash: hashMemberSet(set),
      id: id as string as AbsenceStatement["id"],
    };
    const question = { statement, until, chainHeight };
    const body = encodeAbsenceQuestion(question);
    const signatures = await seekQuorum({
      members: set,
      payload: absencePayload(network, { ...statement, signatures: [] }),
      start: height,
      clock,
      ask: (member) =>
        keyId(member) === keyId(key.publicKey)
          ? this.sign(question)
          : askPeer(peers, member, ABSENCE_SIGNATURE, body),
    });
    return { ...statement, signatures };
  }

  /**
   * Signs what the own member confirms, word for word.
   * @throws RemoteFailure `notary/absence-unconfirmed`, `notary/unavailable`
   */
  async sign({ statement, until, chainHeight }: AbsenceQuestion): Promise<Signature> {
    const { network, key, chain, tips, blocks, members } = this.#options;
    await tips.reached((tip) => tip.chainHeight >= chainHeight);
    const blockTime = await chain.blockTime(chainHeight);
    if (blockTime !== statement.blockTime) throw unconfirmed("the block has another time");
    if (blockTime < until) throw unconfirmed("the window had not ended");
    const id = statement.id as string as TransactionId;
    const known = await chain.places([id]);
    if (known.chainHeight < chainHeight) throw unavailable("the index of ids is behind");
    if (known.places[0] !== undefined) throw unconfirmed("it is notarised");
    if ((await blocks.heightAt(chainHeight)) !== statement.height)
      throw unconfirmed("the notary had another height");
    const { cluster, memberEpoch, memberSetHash } = statement;
    const set = await members.of(memberEpoch, memberSetHash);
    const isCurrent = set === members.current && (set.cluster as string) === cluster;
    if (!isCurrent || !isAmong(key.publicKey, set.members))
      throw unconfirmed("the member set is another");
    const signature = await key.sign(absencePayload(network, { ...statement, signatures: [] }));
    assertSignedBy(key, signature);
    return signature;
  }
}

function unconfirmed(reason: string): RemoteFailure {
  const message = `this member does not confirm the absence: ${reason}`;
  return new RemoteFailure("notary/absence-unconfirmed", message, { reason });
}
