import { type CashState, cashSchema } from "@stateset/cash/contract";
import { type InvoiceState, invoiceSchema } from "@stateset/invoice/contract";
import { holder, type IdentityId, type RuleContext } from "@stateset/ledger/contract";
import type { Rule } from "./receivable-rules.ts";
import type { receivableStates } from "./receivable-state.ts";

export type Tx = RuleContext<typeof receivableStates>;

/** What is read of other contracts: their states, without the code of their rules. */
const authority = holder("owner");
const cash = { name: "cash", states: { cash: { schema: cashSchema, authority } } } as const;
const invoices = {
  name: "invoice",
  states: { invoice: { schema: invoiceSchema, authority } },
} as const;

/** Which invoice a claim is on. Numbers are registered once a seller, linear ids are not. */
type Claim = {
  invoice: string;
  invoiceNumber: string;
  assignor: { id: IdentityId };
  debtor: { id: IdentityId };
  currency: string;
};

/** The invoice as the transaction leaves it, changed or only referred to. */
export function shownInvoice(claim: Claim, tx: Tx, rule: Rule): InvoiceState {
  const { references, outputs } = tx.of(invoices);
  return theInvoice(claim, [...references.invoice, ...outputs.invoice], rule);
}

/** The invoice before and after what the transaction does to it. */
export function changedInvoice(
  claim: Claim,
  tx: Tx,
  rule: Rule,
): { before: InvoiceState; after: InvoiceState } {
  const { inputs, outputs } = tx.of(invoices);
  const before = theInvoice(claim, inputs.invoice, rule);
  return { before, after: theInvoice(claim, outputs.invoice, rule) };
}

function theInvoice(claim: Claim, states: readonly InvoiceState[], rule: Rule): InvoiceState {
  const found = states.filter(({ linearId }) => linearId === claim.invoice);
  const [invoice] = found;
  const isShown = found.length === 1 && invoice !== undefined && isOf(claim, invoice);
  rule("invoice-shown", isShown, { invoice: claim.invoice, found: found.length });
  return invoice as InvoiceState;
}

function isOf(claim: Claim, { number, seller, buyer, currency }: InvoiceState): boolean {
  return (
    number === claim.invoiceNumber &&
    seller.id === claim.assignor.id &&
    buyer.id === claim.debtor.id &&
    currency === claim.currency
  );
}

/** What a party has more, at the end than at the beginning, of one issuer's cash in one currency. */
export function receivedBy(
  identity: IdentityId,
  { issuer, currency }: { issuer: IdentityId; currency: string },
  tx: Tx,
): bigint {
  const worth = (states: readonly CashState[]) => {
    let sum = 0n;
    for (const each of states)
      if (
        each.owner.identity === identity &&
        each.issuer.id === issuer &&
        each.amount.currency === currency
      )
        sum += each.amount.minorUnits;
    return sum;
  };
  const { inputs, outputs } = tx.of(cash);
  return worth(outputs.cash) - worth(inputs.cash);
}
