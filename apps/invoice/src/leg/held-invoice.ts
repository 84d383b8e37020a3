import { type FlowContext, FlowFailure } from "@stateset/flow/app";
import type { StateRef } from "@stateset/ledger";
import type { InvoiceState } from "../contract/invoice-state.ts";

/** An invoice as this node's vault has it now. */
export type HeldInvoice = { ref: StateRef; state: InvoiceState };

/** Identities by the part that they play, and the number, as far as known. */
export type InvoiceClue = { seller?: string; buyer?: string; owner?: string; number?: string };

/**
 * The invoice of a linear id, or of a number that only one has. Nobody's linear ids are registered,
 * and every seller numbers for itself: of several that are called alike it is the one that the clues
 * fit.
 * @throws FlowFailure `invoice/unknown`, `invoice/ambiguous`
 */
export async function findInvoice(
  flow: FlowContext,
  named: string,
  clue: InvoiceClue = {},
): Promise<HeldInvoice> {
  const fitting = await called(flow, named, clue);
  // What does not fit is found all the same, so that the caller can say in what it does not.
  const items = fitting.length > 0 ? fitting : await called(flow, named, {});
  const [first, ...others] = items;
  if (first === undefined) throw unknownInvoice(named);
  if (others.length > 0)
    throw new FlowFailure("invoice/ambiguous", `several invoices are called ${named}`, {
      invoice: named,
      linearIds: items.map(({ state }) => state.linearId),
      sellers: items.map(({ state }) => (state.seller as InvoiceState["seller"]).name),
    });
  const [own] = await flow.states([first.ref]);
  if (own === undefined) throw new Error("a state of the vault is recorded");
  return { ref: own.ref, state: own.state as InvoiceState };
}

async function called(flow: FlowContext, named: string, clue: InvoiceClue) {
  const { number, ...parties } = clue;
  const known = [
    ...Object.entries(parties).map(([role, id]) => ({ [`${role}_id`]: { _eq: id } })),
    ...(number === undefined ? [] : [{ number: { _eq: number } }]),
  ];
  const { items } = await flow.query({
    contract: "invoice",
    type: "invoice",
    where: {
      _and: [{ _or: [{ linear_id: { _eq: named } }, { number: { _eq: named } }] }, ...known],
    },
    limit: CANDIDATES_MAX,
  });
  return items;
}

/** Also what strangers are told of an invoice that is none of their business. */
export function unknownInvoice(named: string): FlowFailure {
  const detail = `this node has no invoice ${named}`;
  return new FlowFailure("invoice/unknown", detail, { invoice: named });
}

/** Enough to tell which they are. */
const CANDIDATES_MAX = 8;
