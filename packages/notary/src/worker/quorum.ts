import { keyId, type PublicKey, type Signature, type SignaturePayload } from "@stateset/codec";
import type { Clock } from "@stateset/flow";
import { countMembers, type MemberSet } from "@stateset/ledger";
import { unavailable } from "./unavailable.ts";

export type QuorumSought = {
  members: MemberSet;
  payload: SignaturePayload;
  /**
   * Who is asked first, counted from the members' order: the same for all who seek the same, so
   * that they find the same signatures, and another for the next, so that all members have as much
   * to do.
   */
  start: number;
  /** Rejects, or gives anything at all: what is not the member's valid signature does not count. */
  ask(member: PublicKey): Promise<Signature>;
  clock: Clock;
};

/** About what a slow answer takes; then one member more is asked, and again after as long. */
const PATIENCE_MS = 300;

/**
 * Signatures of just a quorum of the members, in the members' order. At first only so many are
 * asked; another for each that fails or is slow.
 * @throws RemoteFailure `notary/unavailable`, with how many were found
 */
export async function seekQuorum(sought: QuorumSought): Promise<Signature[]> {
  const { members, start, ask, clock } = sought;
  const { quorum } = members;
  const order = members.members.map((_, i) => (start + i) % members.members.length);
  const found = new Map<number, Signature>();
  const { promise, resolve, reject } = Promise.withResolvers<Signature[]>();
  let [asked, answered] = [0, 0];
  let cancel = (): void => undefined;

  const settle = (): void => {
    if (found.size >= quorum) {
      cancel();
      resolve([...found].sort(([a], [b]) => a - b).map(([, signature]) => signature));
    } else if (answered === order.length) {
      cancel();
      reject(unavailable(`${found.size} members signed, and ${quorum} must`));
    }
  };
  const askNext = (): void => {
    const index = order[asked];
    if (index === undefined) return;
    asked++;
    const member = members.members[index] as PublicKey;
    ask(member)
      .then((signature) => {
        if (found.size >= quorum) return;
        if (isOf(member, signature, sought)) found.set(index, signature);
        else askNext();
      }, askNext)
      .finally(() => {
        answered++;
        settle();
      });
  };
  const hurry = (): void => {
    askNext();
    if (asked < order.length) cancel = clock.after(PATIENCE_MS, hurry);
  };
  for (let i = 0; i < quorum; i++) askNext();
  if (asked < order.length) cancel = clock.after(PATIENCE_MS, hurry);
  return await promise;
}

function isOf(member: PublicKey, signature: Signature, { members, payload }: QuorumSought) {
  if (signature.kind === "composite") return false;
  const isMember = keyId({ kind: signature.kind, key: signature.key }) === keyId(member);
  return isMember && countMembers(members, [signature], payload) === 1;
}
