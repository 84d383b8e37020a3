import { DAY_MS, when } from "./draft-view.ts";
import { dayOf, isOpen, type ReceivableDraft } from "./receivable-draft.ts";

/** In which statuses an invoice can be sold, of those that invoices here are ever in. */
const SOLD = ["issued", "approved", "partially-paid"];

/**
 * What the invoice's own contract refuses of what is done with it here; all else of it is made as
 * it should be, and has a model of its own.
 */
export function brokenByInvoice(draft: ReceivableDraft): string[] {
  const { ofInvoice, invoices } = draft;
  if (ofInvoice === undefined) return [];
  const { command, signers } = ofInvoice;
  return invoices.flatMap(({ before, after }) => {
    const isUnsigned = [before, ...(command === "transfer" ? [after] : [])].some(
      ({ owner }) => !signers.includes(owner),
    );
    const faults = when(isUnsigned, `${command}-signed-by-owner`);
    if (command !== "transfer") {
      faults.push(...when(!isOpen(before), "status-edge"));
      return command === "pay" ? [...faults, ...paymentFaults(draft)] : faults;
    }
    return [
      ...faults,
      ...when(before.owner === after.owner, "owner-changes"),
      ...when(after.owner === after.buyer, "owner-is-not-buyer"),
      ...when(!SOLD.includes(before.status), "status-edge"),
    ];
  });
}

/** Any bank's cash pays, so long as the payee has what the invoice counts. */
function paymentFaults({ invoices, cash, window }: ReceivableDraft): string[] {
  return invoices.flatMap(({ before, after }) => {
    let received = 0n;
    for (const { from, to, currency, amount } of cash) {
      if (currency !== after.currency) continue;
      if (to === after.owner) received += amount;
      if (from === after.owner) received -= amount;
    }
    const { from = 0, until } = window;
    const isNarrow = window.from !== undefined && until !== undefined && until - from <= DAY_MS;
    const isDated = isNarrow && after.payments.at(-1)?.on === dayOf(from);
    return [
      ...when(received !== after.paid - before.paid, "pays-current-payee"),
      ...when(!isDated, "payment-dated"),
    ];
  });
}
