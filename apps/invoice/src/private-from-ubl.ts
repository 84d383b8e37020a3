import type { PrivateComponent } from "@stateset/ledger";
import type { UblInvoice } from "./ubl/ubl-invoice.ts";
import type { UblParty } from "./ubl/ubl-party.ts";

/** The document as it was sent, byte for byte: what the state's `source` refers to. */
export function sourceComponent(xml: Uint8Array): PrivateComponent {
  return { kind: "invoice/source", mediaType: "application/xml", content: xml };
}

/**
 * What of a document never becomes part of a state: contact persons, one component each so that
 * each can be erased by itself, and free text, which may say anything about anyone.
 */
export function privateComponents(ubl: UblInvoice): PrivateComponent[] {
  const contacts = [
    { role: "seller", party: ubl.seller },
    { role: "buyer", party: ubl.buyer },
  ].flatMap(({ role, party }) => contactComponent(role, party));
  const { notes, paymentTerms } = ubl;
  const descriptions = ubl.lines.map(({ id, description }) => ({ id, description }));
  const said = descriptions.filter(({ description }) => description !== undefined);
  const isSilent = notes.length === 0 && paymentTerms === undefined && said.length === 0;
  if (isSilent) return contacts;
  return [...contacts, json("invoice/free-text", { notes, paymentTerms, descriptions: said })];
}

function contactComponent(role: string, { contact, address }: UblParty): PrivateComponent[] {
  if (contact === undefined) return [];
  return [{ ...json("invoice/contact", { role, contact, address }), subject: `${role}-contact` }];
}

function json(kind: string, value: unknown): PrivateComponent {
  const content = new TextEncoder().encode(JSON.stringify(value));
  return { kind, mediaType: "application/json", content };
}
