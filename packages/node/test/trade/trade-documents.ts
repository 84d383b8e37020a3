import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export function sampleDocument(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../../../samples/${name}`, import.meta.url)));
}

/** A document with texts of its XML replaced, each of which must be there. */
export function changed(document: Buffer, ...changes: [from: string | RegExp, to: string][]) {
  let xml = document.toString("utf8");
  for (const [from, to] of changes) {
    const replaced = xml.replace(from, to);
    if (replaced === xml) throw new Error(`the document has no ${from}, or it is so already`);
    xml = replaced;
  }
  return Buffer.from(xml);
}

/** Another invoice of the same parties: neither its number nor its fingerprint is the sample's. */
export function anotherInvoice(document: Buffer, which: number): Buffer {
  const issued = `2026-02-${String(which).padStart(2, "0")}`;
  return changed(
    document,
    [/<cbc:ID>([^<]*)</, `<cbc:ID>$1-${which}<`],
    [/<cbc:IssueDate>[^<]*</, `<cbc:IssueDate>${issued}<`],
  );
}

export function due(document: Buffer, dueDate: string): Buffer {
  return changed(document, [/<cbc:DueDate>[^<]*</, `<cbc:DueDate>${dueDate}<`]);
}

/** A credit note over all that an invoice of the sample's form says. */
export function creditingAll(invoice: Buffer, number = "AG-2026-00417"): Buffer {
  return changed(
    invoice,
    [/ubl:schema:xsd:Invoice-2/, "ubl:schema:xsd:CreditNote-2"],
    [/<(\/?)Invoice\b/g, "<$1CreditNote"],
    [/InvoiceTypeCode>380</, "InvoiceTypeCode>381<"],
    [/cbc:InvoiceTypeCode/g, "cbc:CreditNoteTypeCode"],
    [/cac:InvoiceLine/g, "cac:CreditNoteLine"],
    [/cbc:InvoicedQuantity/g, "cbc:CreditedQuantity"],
    [/\s*<cbc:DueDate>[^<]*<\/cbc:DueDate>/, ""],
    [/<cbc:ID>([^<]*)</, `<cbc:ID>${number}<`],
  );
}
