import { type CommandSigner, type Holder, openGroup, type Transaction } from "@stateset/ledger";
import type { FlowContext } from "../flow-context.ts";
import type { KeyRef } from "../ports/keys.ts";

/** The key that spends a holder's state: its own, or the identity's where it has none. */
export function spendingKey({ identity, blinding, key }: Holder): {
  ref: KeyRef;
  signer: CommandSigner;
} {
  return key === undefined
    ? { ref: { kind: "identity" }, signer: { kind: "identity", identity } }
    : { ref: { kind: "one-time", blinding }, signer: { kind: "key", key } };
}

/**
 * The keys of this node that a transaction needs: those of its inputs that are ours, of the types
 * named, and the identity's where a command lists it.
 */
export async function ourKeys(
  flow: FlowContext,
  transaction: Transaction,
  types: readonly { contract: string; type: string }[],
): Promise<KeyRef[]> {
  const refs = openGroup(transaction, "inputs");
  const keys: KeyRef[] = [];
  const listed = openGroup(transaction, "commands").flatMap(({ signers }) => signers);
  if (listed.some((each) => each.kind === "identity" && each.identity === flow.self.id))
    keys.push({ kind: "identity" });
  if (refs.length === 0) return keys;
  for (const of of types) {
    const { items } = await flow.query({ ...of, refs, isOurs: true, limit: QUERY_MAX });
    for (const { state } of items) keys.push(spendingKey(state.owner as Holder).ref);
  }
  return keys;
}

/** The most that a page of a query has. */
const QUERY_MAX = 500;
