import { type FlowContext, FlowFailure } from "@stateset/flow/app";
import type { StateRef } from "@stateset/ledger";
import type { InvoiceState } from "../contract/invoice-state.ts";

/** An invoice as this node's vault has it now. */
export type HeldInvoice = { ref: StateRef; state: InvoiceState };

/**
 * The invoice of a linear id, or of a number that only one has.
 * @throws FlowFailure `invoice/unknown`, `invoice/ambiguous`
 */
export async function findInvoice(flow: FlowContext, named: string): Promise<HeldInvoice> {
  const { items } = await flow.query({
    contract: "invoice",
    type: "invoice",
    where: { _or: [{ linear_id: { _eq: named } }, { number: { _eq: named } }] },
    limit: CANDIDATES_MAX,
  });
  const [first, ...others] = items;
  if (first === undefined) throw unknownInvoice(named);
  if (others.length > 0)
    throw new FlowFailure("invoice/ambiguous", `several invoices are called ${named}`, {
      invoice: named,
      linearIds: items.map(({ state }) => state.linearId),
    });
  const [own] = await flow.states([first.ref]);
  if (own === undefined) throw new Error("a state of the vault is recorded");
  return { ref: own.ref, state: own.state as InvoiceState };
}

/** Also what strangers are told of an invoice that is none of their business. */
export function unknownInvoice(named: string): FlowFailure {
  const detail = `this node has no invoice ${named}`;
  return new FlowFailure("invoice/unknown", detail, { invoice: named });
}

/** Enough to tell which they are. */
const CANDIDATES_MAX = 8;

/** What is still owed on an invoice, in minor units. */
export function outstandingOf({
  totals,
  paidOnLedger,
  creditedOnLedger,
}: Pick<InvoiceState, "totals" | "paidOnLedger" | "creditedOnLedger">): bigint {
  return totals.payable - paidOnLedger - creditedOnLedger;
}
