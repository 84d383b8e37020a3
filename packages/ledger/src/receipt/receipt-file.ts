import { encode, type Infer, record } from "@stateset/codec";
import { decodeOrRefuse } from "../decode-or-refuse.ts";
import { LedgerError } from "../ledger-error.ts";
import { transactionIdSchema } from "../transaction/ids.ts";
import { receiptSchema } from "./receipt.ts";

/** Of a cluster of 64 with two blocks in it a receipt takes some 20 KB. */
const RECEIPT_FILE_BYTES_MAX = 1 << 20;

/** A receipt with the id that it is about, which it does not name itself: how it lies in a file. */
export const receiptFileSchema = record({ id: transactionIdSchema, receipt: receiptSchema });
export type ReceiptFile = Infer<typeof receiptFileSchema>;

export function encodeReceiptFile(file: ReceiptFile): Uint8Array {
  return encode(receiptFileSchema, file);
}

/**
 * What a receipt file says, of which nothing is checked yet: `verifyReceipt` does.
 * @throws LedgerError `receipt/malformed`
 */
export function decodeReceiptFile(encoded: Uint8Array): ReceiptFile {
  if (encoded.length > RECEIPT_FILE_BYTES_MAX) {
    const reason = `${encoded.length} bytes, at most ${RECEIPT_FILE_BYTES_MAX} may be`;
    throw new LedgerError({ code: "receipt/malformed", reason });
  }
  return decodeOrRefuse(receiptFileSchema, encoded, (reason) => ({
    code: "receipt/malformed",
    reason,
  }));
}
