import { withShortCash } from "./derived-drafts.ts";
import type { Draft, LegalDraft } from "./draft.ts";
import { command, type DraftStates } from "./draft-states.ts";
import { legalInvoiceDrafts } from "./legal-invoice-drafts.ts";
import { legalReceivableDrafts } from "./legal-receivable-drafts.ts";

/** A payment of an invoice that the lender owns, and signs, in which the seller gets the cash. */
export function paymentToFormerPayee(states: DraftStates): Draft {
  const { lender } = states.parties;
  const draft = draftOf(legalInvoiceDrafts(states), "pay");
  const lenderHolder = lender.holder() as never;
  const owned = (side: Draft["inputs"]) =>
    side.map((each) =>
      each.contract === "invoice"
        ? { ...each, state: { ...each.state, owner: lenderHolder } }
        : each,
    );
  return {
    ...draft,
    inputs: owned(draft.inputs),
    outputs: owned(draft.outputs),
    command: command("invoice", "pay", [lender]),
  };
}

/** An assignment in which the assignor gets one minor unit less than the advance. */
export function assignmentShortOfCash(states: DraftStates): Draft {
  const short = withShortCash(draftOf(legalReceivableDrafts(states), "assign"));
  if (short === undefined) throw new Error("an assignment has a cash leg");
  return short;
}

function draftOf(drafts: { [command: string]: LegalDraft[] }, name: string): Draft {
  const [first] = drafts[name] ?? [];
  if (first === undefined) throw new Error(`no valid ${name} is known`);
  return first.draft;
}
