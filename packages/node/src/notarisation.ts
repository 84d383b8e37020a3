import { CodecError, fromJson } from "@stateset/codec";
import {
  type Dossier,
  decodeComponent,
  decodeDossier,
  decodeReceiptFile,
  decodeSignedTransaction,
  GROUP_NAMES,
  LedgerError,
  type NotaryId,
  type Receipt,
  receiptFileSchema,
  type Transaction,
  type TransactionId,
  transactionId,
} from "@stateset/ledger";
import { isJson, parseJson } from "./json-file.ts";
import { RequestError } from "./request-error.ts";

/** That a transaction was notarised, as somebody claims it. */
export type Notarisation = {
  id: TransactionId;
  receipt: Receipt;
  /** Whom the transaction itself names, where it was there to be read. */
  notary?: NotaryId;
};

/**
 * What a file claims: a receipt file, the JSON of a receipt or a transaction as REST gives it, or a
 * transaction file with its receipt. Nothing of it is checked yet.
 * @throws LedgerError `receipt/malformed`, `tx/malformed`; RequestError `receipt/missing`
 */
export function readNotarisation(content: Uint8Array): Notarisation {
  if (isJson(content)) return ofJson(content);
  // A record of six fields, which a receipt file is not.
  if (content[0] === DOSSIER_HEAD) return ofDossier(decodeDossier(content));
  return decodeReceiptFile(content);
}

const DOSSIER_HEAD = 0xa6;

function ofJson(content: Uint8Array): Notarisation {
  try {
    return notarisationOf(parseJson(content) as object);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new LedgerError({ code: "receipt/malformed", reason: error.message });
  }
}

/**
 * What the JSON of a receipt or a transaction claims; of a transaction there is more than is read.
 * @throws LedgerError `receipt/malformed`; RequestError `receipt/missing`
 */
export function notarisationOf(json: object): Notarisation {
  const { id, receipt } = json as Record<string, unknown>;
  if (receipt === undefined && typeof id === "string") throw missing(id);
  try {
    return fromJson(receiptFileSchema, { id, receipt });
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new LedgerError({ code: "receipt/malformed", reason: error.message });
  }
}

/** The id is that of the transaction as it stands there, whatever the receipts say. */
function ofDossier(dossier: Dossier): Notarisation {
  const { transaction } = decodeSignedTransaction(dossier.transaction);
  const id = transactionId(transaction);
  const found = dossier.receipts.find((each) => each.id === id);
  if (found === undefined) throw missing(id);
  const notary = notaryOf(transaction);
  return { id, receipt: found.receipt, ...(notary !== undefined && { notary }) };
}

function missing(id: string): RequestError {
  const detail = `The file holds transaction ${id} and no receipt of it: save one with stateset receipt get`;
  return new RequestError("receipt/missing", detail, { id });
}

function notaryOf(transaction: Transaction): NotaryId | undefined {
  const group = transaction.groups[GROUP_NAMES.indexOf("meta")];
  const [form] = group?.kind === "listed" ? group.components : [];
  return form?.kind === "open" ? decodeComponent("meta", 0, form).notary : undefined;
}
