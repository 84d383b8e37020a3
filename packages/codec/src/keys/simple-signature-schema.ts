import { hex, type Infer, record, union } from "../canonical/schema.ts";

const SIGNATURE_BYTES = 64;

export const ed25519Signature = record({
  key: hex({ length: 32 }),
  signature: hex({ length: SIGNATURE_BYTES }),
});
export const p256Signature = record({
  key: hex({ length: 33 }),
  signature: hex({ length: SIGNATURE_BYTES }),
});

/** The signature of one key. */
export const simpleSignatureSchema = union({ ed25519: ed25519Signature, p256: p256Signature });
export type SimpleSignature = Infer<typeof simpleSignatureSchema>;
