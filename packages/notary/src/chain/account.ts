import { hash } from "node:crypto";
import { bech32 } from "./bech32.ts";

const PREFIX = "stateset";
const ADDRESS_BYTES = 20;

/** The chain's account of an Ed25519 key. */
export function accountAddress(publicKey: Uint8Array): string {
  const digest = Buffer.from(hash("sha256", publicKey, "hex"), "hex");
  return bech32(PREFIX, digest.subarray(0, ADDRESS_BYTES));
}
