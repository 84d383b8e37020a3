import type { InvoiceRule, Rule } from "./invoice-rules.ts";
import type { DocumentState } from "./invoice-state.ts";

/**
 * UTF-16 units in the names and ids of all lines. Contracts see a state before and after each
 * update, in an input of at most 1 MiB: a larger document could be issued, and then never move.
 */
export const LINE_TEXT_MAX = 100_000;

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
  rule("currency-form", /^[A-Z]{3}$/.test(document.currency), { currency: document.currency });
  rule("number-form", isOneSpelling(document.number), { number: document.number });
  const text = lineText(document);
  rule("room-to-update", text <= LINE_TEXT_MAX, { text, max: LINE_TEXT_MAX });
}

function lineText({ lines }: DocumentState): number {
  let length = 0;
  for (const { id, name, sellerItemId = "", standardItemId = "" } of lines)
    length += id.length + name.length + sellerItemId.length + standardItemId.length;
  return length;
}

/** Two numbers that look alike must not be two numbers. */
function isOneSpelling(number: string): boolean {
  return number === number.trim() && !/\s\s|[^\S ]|[\p{Cc}\p{Cf}]/u.test(number);
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
 * what is payable, and the lines' amounts in any order. Names, quantities and prices of lines do
 * not count: 2 dozen at 12.00 are 24 pieces at 1.00, and a line of nothing changes nothing.
 */
export function fingerprintFields(document: DocumentState): string[] {
  const { buyer, issueDate, currency, totals, lines, ordinal } = document;
  const amounts = lines.map(({ netAmount }) => `${netAmount}`).filter((amount) => amount !== "0");
  return [buyer.id, issueDate, currency, `${totals.payable}`, `${ordinal}`, ...amounts.sort()];
}
