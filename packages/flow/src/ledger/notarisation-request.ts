import {
  decodeSignedTransaction,
  encodeSignedTransaction,
  GROUP_NAMES,
  type IdentityId,
  NOTARY_GROUPS,
  openGroup,
  proveComponent,
  type SignedTransaction,
  type Transaction,
  type TransactionId,
  tearOff,
  transactionId,
} from "@stateset/ledger";
import type { NotaryEntry } from "../ports/network-map.ts";
import type { NotarisationRequest } from "../ports/notary.ts";

/** What a spender knows besides the transaction itself. */
export type SpenderKnowledge = {
  /** The transaction that created a state, its headers listed; throws where it is not at hand. */
  creating(id: TransactionId): Transaction;
  /** The holders of the states spent whose identities, and not one-time keys, signed. */
  openings: readonly { identity: IdentityId; blinding: string }[];
  /** A validating cluster is shown all groups but `private`. */
  kind?: NotaryEntry["kind"];
};

const VALIDATED_GROUPS = GROUP_NAMES.filter((name) => name !== "private");

/**
 * What a spender shows a notary of a signed transaction, and no more: the tear-off, and the header
 * of each state that it spends or refers to.
 * @throws LedgerError `tx/not-open` where a group that the notary must see, or a header, is not open
 */
export function notarisationRequest(
  signed: SignedTransaction,
  { creating, openings, kind = "non-validating" }: SpenderKnowledge,
): NotarisationRequest {
  const { transaction, signatures } = signed;
  const groups = kind === "validating" ? VALIDATED_GROUPS : NOTARY_GROUPS;
  for (const group of groups) openGroup(transaction, group);
  const shown = tearOff(transaction, { groups });
  const used = [...openGroup(transaction, "inputs"), ...openGroup(transaction, "references")];
  const request = {
    signed: encodeSignedTransaction({ transaction: shown, signatures }),
    headers: used.map(({ txId, index }) => proveComponent(creating(txId), "headers", index)),
    openings: openings.map(({ identity, blinding }) => ({ identity, blinding })),
  };
  requested.set(request, transactionId(transaction));
  return request;
}

/** Of the requests made here: to read one again costs more than to check its answer. */
const requested = new WeakMap<NotarisationRequest, TransactionId>();

/**
 * The transaction that a request asks for.
 * @throws LedgerError where it holds none
 */
export function requestedTransaction(request: NotarisationRequest): TransactionId {
  return (
    requested.get(request) ?? transactionId(decodeSignedTransaction(request.signed).transaction)
  );
}
