import { codecVectors, schemaVectors } from "./codec-vectors.ts";
import { hashVectors } from "./hash-vectors.ts";
import { merkleVectors } from "./merkle-vectors.ts";
import { nfcData } from "./nfc-data.ts";
import { receiptVectors } from "./receipt-vectors.ts";
import { sealedVectors } from "./sealed-vectors.ts";
import { signatureVectors } from "./signature-vectors.ts";
import { tearOffVectors } from "./tear-off-vectors.ts";
import { transactionVectors } from "./transaction-vectors.ts";

export const VECTORS_FOLDER = new URL("../../../../test-vectors/", import.meta.url);

/** Each file of test-vectors/ that comes from here, and how its content is made. */
export const VECTOR_FILES: Record<string, () => object> = {
  "schemas.json": schemaVectors,
  "codec.json": codecVectors,
  "nfc.json": nfcData,
  "hashes.json": hashVectors,
  "merkle.json": merkleVectors,
  "signatures.json": signatureVectors,
  "transaction.json": transactionVectors,
  "tear-off.json": tearOffVectors,
  "sealed.json": sealedVectors,
  "receipt.json": receiptVectors,
};

export function vectorText(file: string): string {
  const make = VECTOR_FILES[file];
  if (make === undefined) throw new Error(`no vectors are called ${file}`);
  return `${JSON.stringify(make(), undefined, 2)}\n`;
}
