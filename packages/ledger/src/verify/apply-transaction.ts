import { formatStateRef } from "../transaction/ids.ts";
import type { ResolvedState } from "./verify-context.ts";
import type { VerifiedTransaction } from "./verify-transaction.ts";

/** Takes away the states that a transaction spends, and adds those that it creates, by reference. */
export function applyTransaction(
  { id, contents }: VerifiedTransaction,
  createdAt: number,
  states: Map<string, ResolvedState>,
): void {
  for (const ref of contents.inputs.map(formatStateRef)) states.delete(ref);
  for (const [index, output] of contents.outputs.entries()) {
    const header = contents.headers[index] as ResolvedState["header"];
    states.set(formatStateRef({ txId: id, index }), { output, header, createdAt });
  }
}
