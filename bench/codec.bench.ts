import {
  decode,
  encode,
  merkleRoot,
  publicKeyOf,
  type SecretKey,
  type SignaturePayload,
  sign,
  taggedHashBytes,
  verifySignature,
} from "@stateset/codec";
import { invoiceSchema } from "@stateset/invoice/contract";
import {
  decodeTransaction,
  encodeTransaction,
  openTransaction,
  transactionId,
} from "@stateset/ledger";
import type { Report } from "./figure.ts";
import { measure } from "./measure.ts";
import { verificationCases } from "./verification-cases.ts";

/** The bytes: encoding, hashing, trees, signatures, and a transaction read and identified. */
export async function run(report: Report): Promise<void> {
  const { invoiceIssue, cashMove } = await verificationCases();
  for (const lines of [8, 80, 800]) {
    const { transaction } = invoiceIssue(lines).sign();
    const { outputs } = openTransaction(transaction);
    const data = outputs[0]?.data ?? new Uint8Array();
    const state = decode(invoiceSchema, data);
    const size = `invoice, ${lines} lines, ${data.length} bytes`;
    report(await measure({ name: `encode ${size}`, run: () => encode(invoiceSchema, state) }));
    report(await measure({ name: `decode ${size}`, run: () => decode(invoiceSchema, data) }));
  }
  const { transaction } = cashMove.sign();
  const encoded = encodeTransaction(transaction);
  const size = `cash move, ${encoded.length} bytes`;
  report(await measure({ name: `decode ${size}`, run: () => decodeTransaction(encoded) }));
  report(await measure({ name: `id of ${size}`, run: () => transactionId(transaction) }));
  for (const leaves of [1, 10, 100, 1000]) await measureTree(leaves, report);
  for (const kind of ["ed25519", "p256"] as const) await measureSignatures(kind, report);
}

async function measureTree(count: number, report: Report): Promise<void> {
  const leaves = Array.from({ length: count }, (_, i) =>
    taggedHashBytes("component", Uint8Array.of(i)),
  );
  report(await measure({ name: `tree of ${count} leaves`, run: () => merkleRoot(leaves) }));
}

async function measureSignatures(kind: SecretKey["kind"], report: Report): Promise<void> {
  const key: SecretKey = { kind, secret: new Uint8Array(32).fill(7) };
  const zero = "00".repeat(32);
  const payload = {
    purpose: "transaction",
    networkId: zero,
    metadata: { platformVersion: 1 },
    hash: zero,
  } as SignaturePayload;
  const signature = sign(key, payload);
  report(await measure({ name: `${kind} public key`, run: () => publicKeyOf(key) }));
  report(await measure({ name: `${kind} sign`, run: () => sign(key, payload) }));
  report(await measure({ name: `${kind} verify`, run: () => verifySignature(signature, payload) }));
}
