import { type Authority, authorityFault, formatStateRef } from "@stateset/ledger";
import { malformed, NotaryRefusal } from "./notary-refusal.ts";
import type { OpenedRequest } from "./open-request.ts";

/**
 * What can be said of the transaction alone. The ledger says the same of whole transactions; a
 * notary must too, since a state under a header that breaks these rules could never be spent.
 * @throws NotaryRefusal `notary/malformed`, `notary/instructions-unsupported`
 */
export function checkForm(opened: OpenedRequest): void {
  assertReferences(opened);
  assertHeaders(opened);
  const { from, until } = opened.timeWindow;
  if (from !== undefined && until !== undefined && from >= until)
    throw malformed(`the time window is empty: from ${from} until ${until}`);
  if (opened.instructionCount > 0)
    throw new NotaryRefusal({ kind: "notary/instructions-unsupported" });
}

function assertReferences({ inputs, references, outputCount }: OpenedRequest): void {
  if (inputs.length === 0 && outputCount === 0)
    throw malformed("there is neither input nor output");
  if (inputs.length === 0 && references.length > 0)
    throw malformed("there are references without an input");
  const consumed = new Set(inputs.map(formatStateRef));
  for (const reference of references.map(formatStateRef))
    if (consumed.has(reference)) throw malformed(`${reference} is input and reference`);
}

function assertHeaders({ meta, headers, outputCount }: OpenedRequest): void {
  if (headers.length !== outputCount)
    throw malformed(`there are ${headers.length} headers for ${outputCount} outputs`);
  // Written once each: a comparison of every member's list would be cubic in what a stranger sends.
  const sets = headers.map(({ encumbranceSet }) => encumbranceSet.join());
  for (const [output, header] of headers.entries()) {
    if (header.notary !== meta.notary) throw malformed(`header ${output} names another notary`);
    const reason =
      authorityFault(header.authority as Authority) ??
      encumbranceFault(output, header.encumbranceSet, sets);
    if (reason !== undefined) throw malformed(`header ${output}: ${reason}`);
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
    return "the indices of its set do not ascend";
  if (!set.includes(output)) return "it is not in its own set";
  const other = set.find((member) => sets[member] !== sets[output]);
  return other === undefined ? undefined : `output ${other} does not name the same set`;
}
