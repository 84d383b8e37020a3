import { assignmentFaults } from "./assignment-rules.ts";
import { receivableFaults } from "./collection-rules.ts";
import { both, edgeFaults } from "./draft-view.ts";
import { OFFER_RULES, requestFaults } from "./offer-rules.ts";
import type { ReceivableDraft } from "./receivable-draft.ts";

/** The rules of its command that a draft breaks, as far as it has the states for them. */
export function brokenByCommand(draft: ReceivableDraft): string[] {
  const { command } = draft;
  const [offer] = draft.offers;
  const [receivable] = draft.receivables;
  if (command === undefined) return [];
  if (command === "request") return offer?.after === undefined ? [] : requestFaults(offer.after);
  if (command === "assign") return assignmentFaults(draft);
  const ofOffer = OFFER_RULES[command];
  if (ofOffer !== undefined)
    return both(offer, (before, after) => [
      ...edgeFaults("offers", command, before.status, after.status, ofOffer.to),
      ...ofOffer.check(draft, before, after),
    ]);
  if (command === "notify") return noticeFaults(draft, command, "given");
  if (command === "acknowledge") return noticeFaults(draft, command, "acknowledged");
  return both(receivable, (before, after) => receivableFaults(draft, command, before, after));
}

function noticeFaults({ notices: [notice] }: ReceivableDraft, command: string, to: string) {
  return both(notice, (before, after) =>
    edgeFaults("notices", command, before.status, after.status, to),
  );
}
