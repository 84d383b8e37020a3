import { sha256 } from "@stateset/codec";
import { joinBytes } from "./protobuf-writer.ts";

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/**
 * The root of CometBFT's trees, over the items themselves: RFC 6962 with its own prefixes, 0x00 for
 * leaves and 0x01 above them. (Our own trees, `merkleRoot`, have tags in their place.)
 */
export function simpleMerkleRoot(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 0) return sha256(new Uint8Array());
  let level = items.map((item) => sha256(joinBytes(LEAF, item)));
  while (level.length > 1) level = levelAbove(level);
  return level[0] as Uint8Array;
}

/** Pairing level by level, an odd last node carried up, gives the tree of the RFC's recursion. */
function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i] as Uint8Array, level[i + 1]];
    above.push(right === undefined ? left : sha256(joinBytes(INNER, left, right)));
  }
  return above;
}
