import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { codecVectors, schemaVectors } from "./codec-vectors.ts";
import { hashVectors } from "./hash-vectors.ts";
import { merkleVectors } from "./merkle-vectors.ts";
import { nfcData } from "./nfc-data.ts";
import { receiptVectors } from "./receipt-vectors.ts";
import { sealedVectors } from "./sealed-vectors.ts";
import { signatureVectors } from "./signature-vectors.ts";
import { tearOffVectors } from "./tear-off-vectors.ts";
import { transactionVectors } from "./transaction-vectors.ts";
import { wrappedVectors } from "./wrapped-vectors.ts";

export const VECTORS_FOLDER = new URL("../../../../test-vectors/", import.meta.url);

/** Each file of test-vectors/ that comes from here, and how its content is made. */
const JSON_FILES: Record<string, () => object> = {
  "schemas.json": schemaVectors,
  "codec.json": codecVectors,
  "nfc.json": nfcData,
  "hashes.json": hashVectors,
  "merkle.json": merkleVectors,
  "signatures.json": signatureVectors,
  "transaction.json": transactionVectors,
  "tear-off.json": tearOffVectors,
  "sealed.json": sealedVectors,
  "wrapped.json": wrappedVectors,
  "receipt.json": receiptVectors,
};

/** Those that only have their sums from here: of another package, and of the chain in Go. */
const WRITTEN_ELSEWHERE = ["notary.json", "light-client.json"];

/** Every file's name and text; SHA256SUMS holds the sums of the others. */
export function vectorTexts(): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [file, make] of Object.entries(JSON_FILES))
    texts.set(file, `${JSON.stringify(make(), undefined, 2)}\n`);
  const elsewhere = WRITTEN_ELSEWHERE.map((file) => [file, written(file)] as const);
  const summed = [...texts, ...elsewhere];
  const sums = summed.map(([file, text]) => `${sha256(text)}  ${file}\n`);
  return texts.set("SHA256SUMS", sums.join(""));
}

/** What stands there already. */
function written(file: string): string {
  return readFileSync(new URL(file, VECTORS_FOLDER), "utf8").replaceAll("\r\n", "\n");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
