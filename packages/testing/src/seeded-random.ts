import { taggedHashBytes } from "@stateset/codec";
import type { RandomBytes } from "@stateset/ledger";

/** Bytes that look random and are the same for the same seed: a test's nonces, keys and blindings. */
export function seededRandom(seed: string): RandomBytes {
  let counter = 0;
  return (count) => {
    const bytes = new Uint8Array(count);
    for (let offset = 0; offset < count; offset += 32) {
      const block = taggedHashBytes(
        "development-key",
        new TextEncoder().encode(`${seed} ${counter++}`),
      );
      bytes.set(block.subarray(0, Math.min(32, count - offset)), offset);
    }
    return bytes;
  };
}
