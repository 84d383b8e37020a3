import { fromHex, HASH_BYTES, type Hex, taggedHash } from "@stateset/codec";
import type { StateRef } from "@stateset/ledger";

const INDEX_BYTES = 2;

/**
 * What a store keeps of a consumed reference, so that it cannot be read as a graph of transactions:
 * H(consumed ‖ transaction id ‖ index), the index as two bytes, big-endian.
 */
export function consumedKey({ txId, index }: StateRef): Hex {
  const message = new Uint8Array(HASH_BYTES + INDEX_BYTES);
  message.set(fromHex(txId));
  new DataView(message.buffer).setUint16(HASH_BYTES, index);
  return taggedHash("consumed", message);
}
