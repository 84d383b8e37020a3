import type { SignaturePayload } from "@stateset/codec";
import { countedHex } from "./counted-bytes.ts";

/** The payload that most signatures here are over. */
export const PAYLOAD: SignaturePayload = {
  purpose: "transaction",
  networkId: countedHex("network", 0),
  metadata: { platformVersion: 1 },
  hash: countedHex("signed hash", 0),
};

/** Each differs from PAYLOAD in one field: a signature over one counts for no other. */
export const OTHER_PAYLOADS: [name: string, payload: SignaturePayload][] = [
  ["for a batch", { ...PAYLOAD, purpose: "transaction-batch" }],
  ["for a bundle", { ...PAYLOAD, purpose: "bundle" }],
  ["for a receipt", { ...PAYLOAD, purpose: "receipt" }],
  ["for a member set", { ...PAYLOAD, purpose: "member-set" }],
  ["on another network", { ...PAYLOAD, networkId: countedHex("network", 1) }],
  ["by another platform version", { ...PAYLOAD, metadata: { platformVersion: 2 } }],
  ["over another hash", { ...PAYLOAD, hash: countedHex("signed hash", 1) }],
];
