import { compareBytes } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import type { OpenComponent } from "../transaction/component-form.ts";
import type { Components, Meta, TimeWindow } from "../transaction/components.ts";
import { GROUP_NAMES, SORTED_GROUPS } from "../transaction/groups.ts";
import { formatStateRef, type TransactionId } from "../transaction/ids.ts";
import {
  assertComponentCount,
  groupOf,
  openForms,
  openGroup,
  type Transaction,
  transactionId,
} from "../transaction/transaction.ts";

/** A transaction with every group but `private` open, decoded and well-formed. */
export type TransactionContents = {
  id: TransactionId;
  meta: Meta;
  parameters: Components["parameters"];
  timeWindow: TimeWindow;
} & {
  [G in
    | "inputs"
    | "references"
    | "outputs"
    | "headers"
    | "commands"
    | "attachments"
    | "uniqueKeys"
    | "instructions"]: Components[G][];
};

/**
 * Opens a transaction and checks what can be said of it alone, without states, contracts or keys.
 * @throws LedgerError `tx/not-open` and the codes of the rules below
 */
export function openTransaction(transaction: Transaction): TransactionContents {
  assertCounts(transaction);
  const contents: TransactionContents = {
    id: transactionId(transaction),
    meta: only(openGroup(transaction, "meta")),
    inputs: openGroup(transaction, "inputs"),
    references: openGroup(transaction, "references"),
    outputs: openGroup(transaction, "outputs"),
    headers: openGroup(transaction, "headers"),
    commands: openGroup(transaction, "commands"),
    attachments: openGroup(transaction, "attachments"),
    timeWindow: openGroup(transaction, "timeWindow")[0] ?? {},
    parameters: only(openGroup(transaction, "parameters")),
    uniqueKeys: openGroup(transaction, "uniqueKeys"),
    instructions: openGroup(transaction, "instructions"),
  };
  assertSorted(transaction);
  assertReferences(contents);
  assertHeadersMatchOutputs(contents);
  assertTimeWindow(contents.timeWindow);
  return contents;
}

/** A transaction that was built in memory was never decoded. */
function assertCounts(transaction: Transaction): void {
  for (const name of GROUP_NAMES) assertComponentCount(name, groupOf(transaction, name));
}

/** Sets have one order, that of their bytes, so that equal sets have equal ids. */
function assertSorted(transaction: Transaction): void {
  for (const group of SORTED_GROUPS) {
    const forms = openForms(transaction, group);
    for (let index = 1; index < forms.length; index++) {
      const [previous, current] = [forms[index - 1], forms[index]] as [
        OpenComponent,
        OpenComponent,
      ];
      if (compareBytes(previous.component, current.component) >= 0)
        throw new LedgerError({ code: "tx/unsorted", group, index });
    }
  }
}

function assertReferences({ inputs, references, outputs }: TransactionContents): void {
  if (inputs.length === 0 && outputs.length === 0) throw new LedgerError({ code: "tx/empty" });
  if (inputs.length === 0 && references.length > 0)
    throw new LedgerError({ code: "tx/references-without-input" });
  const consumed = new Set(inputs.map(formatStateRef));
  for (const reference of references.map(formatStateRef))
    if (consumed.has(reference))
      throw new LedgerError({ code: "tx/input-also-reference", ref: reference });
}

function assertHeadersMatchOutputs({ meta, outputs, headers }: TransactionContents): void {
  if (headers.length !== outputs.length)
    throw new LedgerError({
      code: "tx/header-count",
      outputs: outputs.length,
      headers: headers.length,
    });
  // Written once each: a comparison of every member's list would be cubic in what a stranger sends.
  const sets = headers.map(({ encumbranceSet }) => encumbranceSet.join());
  for (const [output, header] of headers.entries()) {
    if (header.notary !== meta.notary)
      throw new LedgerError({
        code: "tx/header-notary",
        output,
        expected: meta.notary,
        found: header.notary,
      });
    const reason = encumbranceFault(output, header.encumbranceSet, sets);
    if (reason !== undefined)
      throw new LedgerError({ code: "tx/header-encumbrance", output, reason });
  }
}

/** Every member of a set names the same set, itself included. */
function encumbranceFault(
  output: number,
  set: readonly number[],
  sets: readonly string[],
): string | undefined {
  if (set.length === 0) return undefined;
  if (set.length === 1) return "a set has at least two outputs";
  if (set.some((member, i) => i > 0 && member <= (set[i - 1] as number)))
    return "the indices do not ascend";
  if (!set.includes(output)) return "the output is not in its own set";
  for (const member of set) {
    const other = sets[member];
    if (other === undefined) return `there is no output ${member}`;
    if (other !== sets[output]) return `output ${member} names another set`;
  }
  return undefined;
}

function assertTimeWindow({ from, until }: TimeWindow): void {
  if (from !== undefined && until !== undefined && from >= until)
    throw new LedgerError({ code: "tx/empty-time-window", from, until });
}

function only<T>(components: readonly T[]): T {
  return components[0] as T;
}
