import {
  decode,
  encode,
  HASH_BYTES,
  hex,
  type Infer,
  optional,
  record,
  uint,
} from "@stateset/codec";
import { type Absence, absenceSchema } from "@stateset/flow";
import { type Receipt, receiptSchema, type TransactionId } from "@stateset/ledger";

/** The kinds of requests that a notary answers. */
export const NOTARISE = "notary/notarise";
export const RECEIPT = "notary/receipt";
export const ABSENCE = "notary/absence";

const id = hex<TransactionId>({ length: HASH_BYTES });
const receiptAskedSchema = record({ id });
const receiptToldSchema = record({ receipt: optional(receiptSchema) });
const absenceAskedSchema = record({ id, until: uint() });
const absenceToldSchema = record({ absence: optional(absenceSchema) });

/** After a transaction's receipt. */
export function encodeReceiptAsked(asked: Infer<typeof receiptAskedSchema>): Uint8Array {
  return encode(receiptAskedSchema, asked);
}

/** @throws CodecError */
export function decodeReceiptAsked(body: Uint8Array): Infer<typeof receiptAskedSchema> {
  return decode(receiptAskedSchema, body);
}

export function encodeReceiptTold(receipt: Receipt | undefined): Uint8Array {
  return encode(receiptToldSchema, receipt === undefined ? {} : { receipt });
}

/** @throws CodecError */
export function decodeReceiptTold(body: Uint8Array): Receipt | undefined {
  return decode(receiptToldSchema, body).receipt;
}

/** After the proof that a transaction, whose window ends at `until`, never will be notarised. */
export function encodeAbsenceAsked(asked: Infer<typeof absenceAskedSchema>): Uint8Array {
  return encode(absenceAskedSchema, asked);
}

/** @throws CodecError */
export function decodeAbsenceAsked(body: Uint8Array): Infer<typeof absenceAskedSchema> {
  return decode(absenceAskedSchema, body);
}

export function encodeAbsenceTold(absence: Absence | undefined): Uint8Array {
  return encode(absenceToldSchema, absence === undefined ? {} : { absence });
}

/** @throws CodecError */
export function decodeAbsenceTold(body: Uint8Array): Absence | undefined {
  return decode(absenceToldSchema, body).absence;
}
