import {
  countMembers,
  hashMemberSet,
  type ReceiptTrust,
  type TransactionId,
} from "@stateset/ledger";
import { RemoteFailure } from "../ports/network.ts";
import { type Absence, absencePayload } from "../ports/notary.ts";

/**
 * Checks offline that the cluster says a transaction never will be notarised: a quorum of its
 * current members saw its window end without it. `until` is the end of the transaction's window, in
 * milliseconds since 1970.
 * @throws RemoteFailure `notary/absence-invalid` with the first fault
 */
export function verifyAbsence(
  absence: Absence,
  id: TransactionId,
  until: number,
  { network, memberSets, storedBeforeRotation = false }: ReceiptTrust,
): void {
  if ((absence.id as string) !== id) throw invalid("it is about another transaction");
  if (absence.blockTime < until) throw invalid("the transaction's window had not ended");
  const members = memberSets.find(({ epoch }) => epoch === absence.memberEpoch);
  if (members === undefined || hashMemberSet(members) !== absence.memberSetHash)
    throw invalid("its members are not known");
  // Keys of a retired epoch may have leaked since, and no history vouches for an absence.
  if (members !== memberSets.at(-1) && !storedBeforeRotation)
    throw invalid("its members have retired");
  if ((members.cluster as string) !== absence.cluster) throw invalid("it is of another cluster");
  const found = countMembers(members, absence.signatures, absencePayload(network, absence));
  if (found < members.quorum)
    throw invalid(`${found} members signed it, and ${members.quorum} must`);
}

function invalid(reason: string): RemoteFailure {
  return new RemoteFailure("notary/absence-invalid", `The proof of absence: ${reason}`, { reason });
}
