import {
  encode,
  HASH_BYTES,
  type Hash,
  hex,
  type Infer,
  keyId,
  list,
  type PublicKey,
  publicKeySchema,
  record,
  type Signature,
  type SignaturePayload,
  signatureSchema,
  signingKeys,
  taggedHash,
  uint,
  verifySignature,
} from "@stateset/codec";
import { type NetworkId, notaryIdSchema } from "../transaction/ids.ts";

const MEMBERS_MAX = 64;

/** The workers that sign a cluster's receipts during one epoch, and how many of them it takes. */
export const memberSetSchema = record({
  cluster: notaryIdSchema,
  epoch: uint(),
  quorum: uint({ min: 1, max: MEMBERS_MAX }),
  /** In the order of the members' indices. */
  members: list(publicKeySchema, { min: 1, max: MEMBERS_MAX }),
});
export type MemberSet = Infer<typeof memberSetSchema>;

/** A member set that the one before it agreed to. */
export const memberSetChangeSchema = record({
  next: memberSetSchema,
  signatures: list(signatureSchema, { min: 1, max: MEMBERS_MAX }),
});
export type MemberSetChange = Infer<typeof memberSetChangeSchema>;

export const memberSetHashSchema = hex<Hash>({ length: HASH_BYTES });

export function hashMemberSet(members: MemberSet): Hash {
  return taggedHash("member-set", encode(memberSetSchema, members));
}

export function memberSetPayload(network: NetworkId, next: MemberSet): SignaturePayload {
  return payloadOf("member-set", network, hashMemberSet(next));
}

/**
 * The sets from a trusted one on, as far as each change is signed by a quorum of the set before it.
 * An offline checker needs no more than the genesis set and the changes since.
 */
export function followMemberSets(
  network: NetworkId,
  trusted: MemberSet,
  changes: readonly MemberSetChange[],
): MemberSet[] {
  const sets = [trusted];
  for (const { next, signatures } of changes) {
    const current = sets[sets.length - 1] as MemberSet;
    if (next.cluster !== current.cluster || next.epoch !== current.epoch + 1) break;
    const payload = memberSetPayload(network, next);
    if (countMembers(current, signatures, payload) < current.quorum) break;
    sets.push(next);
  }
  return sets;
}

/** How many different members made a valid signature over the payload. */
export function countMembers(
  { members }: MemberSet,
  signatures: readonly Signature[],
  payload: SignaturePayload,
): number {
  const allowed = new Set(members.map(keyId));
  const signed = new Set<string>();
  for (const signature of signatures) {
    if (signature.kind === "composite") continue;
    const id = keyId(signingKeys(signature)[0] as PublicKey);
    if (allowed.has(id) && !signed.has(id) && verifySignature(signature, payload)) signed.add(id);
  }
  return signed.size;
}

export function payloadOf(
  purpose: "receipt" | "member-set",
  network: NetworkId,
  hash: Hash,
): SignaturePayload {
  return {
    purpose,
    networkId: network,
    metadata: { platformVersion: 0 },
    hash,
  };
}
