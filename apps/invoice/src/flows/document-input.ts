import { bytes } from "@stateset/codec/schema";
import { FlowFailure } from "@stateset/flow/app";
import { UblError } from "../ubl/ubl-error.ts";
import { readUbl, type UblInvoice } from "../ubl/ubl-invoice.ts";

/** Of the documents that companies send each other, with pictures in them, the largest. */
const DOCUMENT_BYTES_MAX = 1 << 20;

const TOO_LARGE = { code: "ubl/too-large", bytesMax: DOCUMENT_BYTES_MAX } as const;

/** A UBL document; as JSON in base64. */
export const documentBytes = bytes({ min: 1, max: DOCUMENT_BYTES_MAX });

/**
 * Reads a document that must be of the kind.
 * @throws FlowFailure with the code of what cannot be read, `ubl/…`, or `invoice/wrong-document`
 */
export function readDocument(xml: Uint8Array, kind: UblInvoice["kind"]): UblInvoice {
  // What a peer sends is no larger than what users may send.
  if (xml.byteLength > DOCUMENT_BYTES_MAX) throw asFailure(new UblError(TOO_LARGE));
  const ubl = readable(xml);
  if (ubl.kind === kind) return ubl;
  throw new FlowFailure("invoice/wrong-document", `the document is a ${ubl.kind}, not a ${kind}`, {
    field: "document",
    found: ubl.kind,
    expected: kind,
  });
}

function readable(xml: Uint8Array): UblInvoice {
  try {
    return readUbl(xml);
  } catch (error) {
    throw error instanceof UblError ? asFailure(error) : error;
  }
}

function asFailure(error: UblError): FlowFailure {
  const { code, ...facts } = error.fault;
  return new FlowFailure(code, error.message, facts);
}
