import type { InvoiceRule, Rule } from "./invoice-rules.ts";
import type { DocumentState } from "./invoice-state.ts";

/** The arithmetic of a document, and what holds of every new one. */
export function checkDocument(document: DocumentState, rule: Rule): void {
  const { totals: t, lines, allowances, charges, vatBreakdown } = document;
  const equals = (code: InvoiceRule, found: bigint, expected: bigint) =>
    rule(code, found === expected, { found, expected });
  equals("br-co-10", t.lineNet, sum(lines, "netAmount"));
  equals("br-co-11", t.allowances, sum(allowances, "amount"));
  equals("br-co-12", t.charges, sum(charges, "amount"));
  equals("br-co-13", t.withoutVat, t.lineNet - t.allowances + t.charges);
  equals("br-co-14", t.vat, sum(vatBreakdown, "taxAmount"));
  equals("br-co-15", t.withVat, t.withoutVat + t.vat);
  equals("br-co-16", t.payable, t.withVat - t.paid + t.rounding);
  rule("payable-positive", t.payable > 0n, { payable: t.payable });
  rule("parties-differ", document.seller.id !== document.buyer.id);
}

function sum<Field extends string>(
  items: readonly { readonly [F in Field]: bigint }[],
  field: Field,
): bigint {
  let total = 0n;
  for (const item of items) total += item[field];
  return total;
}

/**
 * What makes two documents the same receivable whatever their numbers: parties, date, currency,
 * what is payable, and the lines by quantity, price and amount, in any order and under any names.
 */
export function fingerprintFields(document: DocumentState): string[] {
  const { buyer, issueDate, currency, totals, lines, ordinal } = document;
  const amounts = lines.map(({ quantity, price, netAmount }) => `${quantity}×${price}=${netAmount}`);
  return [buyer.id, issueDate, currency, `${totals.payable}`, `${ordinal}`, ...amounts.sort()];
}
