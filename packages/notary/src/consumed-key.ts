import { hash } from "node:crypto";
import { fromHex, HASH_BYTES, type Hex } from "@stateset/codec";
import type { StateRef } from "@stateset/ledger";

const TAG = new TextEncoder().encode("stateset/0/consumed");
const INDEX_BYTES = 2;

/**
 * What a store keeps of a consumed reference, so that it cannot be read as a graph of transactions:
 * H(consumed ‖ transaction id ‖ index), the index as two bytes, big-endian.
 */
export function consumedKey({ txId, index }: StateRef): Hex {
  const message = new Uint8Array(1 + TAG.length + HASH_BYTES + INDEX_BYTES);
  message[0] = TAG.length;
  message.set(TAG, 1);
  message.set(fromHex(txId), 1 + TAG.length);
  new DataView(message.buffer).setUint16(1 + TAG.length + HASH_BYTES, index);
  return hash("sha256", message, "hex");
}
