import {
  formatStateRef,
  type Holder,
  type StateRef,
  type VerifiedTransaction,
} from "@stateset/ledger";
import { type FlowContext, FlowFailure } from "../flow-context.ts";

/**
 * That a transaction spends nothing of this party's but what is named. A signature counts for all
 * that its key may spend: an identity's for whatever has lain long enough, whoever put it in.
 * @throws FlowFailure `flow/spends-more`
 */
export function assertSpendsOnly(
  flow: FlowContext,
  { contents, inputs }: VerifiedTransaction,
  agreed: readonly StateRef[],
): void {
  const meant = new Set(agreed.map(formatStateRef));
  const more = contents.inputs.filter(
    (ref, i) => isHeldBy(flow.self.id, inputs[i]?.state ?? {}) && !meant.has(formatStateRef(ref)),
  );
  if (more.length === 0) return;
  throw new FlowFailure(
    "flow/spends-more",
    "the transaction spends states of this party that it did not agree to: do not trust the peer",
    { refs: more.map(formatStateRef) },
  );
}

function isHeldBy(identity: string, state: object): boolean {
  return Object.values(state).some((value) => {
    const holder = (typeof value === "object" ? value : undefined) as Partial<Holder> | undefined;
    return holder?.identity === identity && typeof holder.blinding === "string";
  });
}
