import { compareBytes } from "@stateset/codec";
import type { NotarisationRequest, NotaryEntry } from "@stateset/flow";
import {
  type Components,
  decodeSignedTransaction,
  GROUP_NAMES,
  type GroupName,
  groupOf,
  type Header,
  LedgerError,
  type Meta,
  NOTARY_GROUPS,
  openGroup,
  type SignedTransaction,
  type StateRef,
  type TimeWindow,
  type Transaction,
  type TransactionId,
  transactionId,
  type UniqueKey,
} from "@stateset/ledger";
import { asReason, malformed, NotaryRefusal } from "./notary-refusal.ts";

/** A transaction as a notary sees it, read but not judged. */
export type OpenedRequest = {
  id: TransactionId;
  signed: SignedTransaction;
  shown: NotarisationRequest;
  meta: Meta;
  inputs: StateRef[];
  references: StateRef[];
  headers: Header[];
  timeWindow: TimeWindow;
  parameters: Components["parameters"];
  uniqueKeys: UniqueKey[];
  outputCount: number;
  instructionCount: number;
};

/**
 * A tear-off of the largest transaction that is of use, with room: 512 inputs and as many headers
 * of two leaves are under 300 KB.
 */
const TEAR_OFF_BYTES_MAX = 2 << 20;
/** 640 headers of two leaves are under 200 KB; each leaf more costs its judging. */
const PROOFS_BYTES_MAX = 1 << 20;

/**
 * Reads what was shown: no less than the notary must see, and no more. A validating notary sees all
 * groups but `private`.
 * @throws NotaryRefusal `notary/malformed`, `notary/too-large`
 */
export function openRequest(
  shown: NotarisationRequest,
  kind: NotaryEntry["kind"] = "non-validating",
): OpenedRequest {
  assertSizes(shown, kind);
  try {
    const signed = decodeSignedTransaction(shown.signed);
    const { transaction } = signed;
    assertShown(transaction, kind);
    return {
      id: transactionId(transaction),
      signed,
      shown,
      meta: only(openGroup(transaction, "meta")),
      inputs: openSorted(transaction, "inputs"),
      references: openSorted(transaction, "references"),
      headers: openGroup(transaction, "headers"),
      timeWindow: openGroup(transaction, "timeWindow")[0] ?? {},
      parameters: only(openGroup(transaction, "parameters")),
      uniqueKeys: openSorted(transaction, "uniqueKeys"),
      outputCount: countOf(transaction, "outputs"),
      instructionCount: countOf(transaction, "instructions"),
    };
  } catch (error) {
    if (error instanceof LedgerError) throw refusalOf(error);
    throw error;
  }
}

function assertSizes({ signed, headers }: NotarisationRequest, kind: NotaryEntry["kind"]): void {
  const proofs = headers.reduce((sum, { component }) => sum + component.length, 0);
  // A whole transaction has the ledger's own limit, which is checked where it is read.
  if (kind === "non-validating") assertSize("tear-off", signed.length, TEAR_OFF_BYTES_MAX);
  assertSize("headers", proofs, PROOFS_BYTES_MAX);
}

function assertSize(what: string, found: number, max: number): void {
  if (found > max) throw new NotaryRefusal({ kind: "notary/too-large", what, found, max });
}

function assertShown(transaction: Transaction, kind: NotaryEntry["kind"]): void {
  for (const name of GROUP_NAMES) {
    const mustBeOpen = kind === "validating" ? name !== "private" : NOTARY_GROUPS.includes(name);
    const group = groupOf(transaction, name);
    if (!mustBeOpen && group.kind === "listed")
      throw malformed(`group ${name} is not for this notary to see: close it`);
    if (mustBeOpen && group.kind === "closed") throw malformed(`group ${name} is closed`);
  }
}

/** Sets have one order, that of their bytes, so that equal sets have equal ids. */
function openSorted<G extends "inputs" | "references" | "uniqueKeys">(
  transaction: Transaction,
  name: G,
): Components[G][] {
  const components = openGroup(transaction, name);
  const group = groupOf(transaction, name);
  if (group.kind === "closed") return components;
  for (const [index, form] of group.components.entries()) {
    const before = group.components[index - 1];
    if (form.kind !== "open" || before?.kind !== "open") continue;
    if (compareBytes(before.component, form.component) >= 0)
      throw malformed(`group ${name} is not sorted at ${index}`);
  }
  return components;
}

function countOf(transaction: Transaction, name: GroupName): number {
  const group = groupOf(transaction, name);
  return group.kind === "closed" ? group.count : group.components.length;
}

function refusalOf(error: LedgerError): NotaryRefusal {
  const { fault } = error;
  if (fault.code !== "tx/too-large") return malformed(asReason(error.message));
  const { bytes: found, max } = fault;
  return new NotaryRefusal({ kind: "notary/too-large", what: "transaction", found, max });
}

function only<T>(components: readonly T[]): T {
  return components[0] as T;
}
