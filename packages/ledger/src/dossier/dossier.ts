import { bytes, encode, type Infer, list, record } from "@stateset/codec";
import { bundleFileSchema } from "../bundle/bundle-file.ts";
import { decodeOrRefuse } from "../decode-or-refuse.ts";
import { LedgerError } from "../ledger-error.ts";
import { networkParametersSchema } from "../parameters.ts";
import { registrationSchema } from "../party/party.ts";
import { receiptSchema } from "../receipt/receipt.ts";
import { transactionIdSchema } from "../transaction/ids.ts";
import { SIGNED_BYTES_MAX } from "../transaction/signed-transaction.ts";

/** A longer history is resolved transaction by transaction, not sent in one file. */
const HISTORY_MAX = 1024;
/** Held in memory whole. */
const DOSSIER_BYTES_MAX = 64 << 20;

/**
 * A signed transaction with all that it takes to check it offline: the transactions that created
 * what it spends, oldest first, the bundles and parameters that they name, the registrations of the
 * identities, and what receipts there are.
 */
export const dossierSchema = record({
  transaction: bytes({ min: 1, max: SIGNED_BYTES_MAX }),
  history: list(bytes({ min: 1, max: SIGNED_BYTES_MAX }), { max: HISTORY_MAX }),
  bundles: list(bundleFileSchema, { max: 256 }),
  parameters: list(networkParametersSchema, { min: 1, max: 64 }),
  registrations: list(registrationSchema, { max: 1024 }),
  receipts: list(record({ id: transactionIdSchema, receipt: receiptSchema }), {
    max: HISTORY_MAX + 1,
  }),
});
export type Dossier = Infer<typeof dossierSchema>;

export function encodeDossier(dossier: Dossier): Uint8Array {
  return encode(dossierSchema, dossier);
}

/** @throws LedgerError `tx/too-large`, `tx/malformed` */
export function decodeDossier(encoded: Uint8Array): Dossier {
  if (encoded.length > DOSSIER_BYTES_MAX)
    throw new LedgerError({ code: "tx/too-large", bytes: encoded.length, max: DOSSIER_BYTES_MAX });
  return decodeOrRefuse(dossierSchema, encoded, (reason) => ({ code: "tx/malformed", reason }));
}
