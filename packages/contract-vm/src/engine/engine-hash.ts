import { fromHex, taggedHash } from "@stateset/codec";
import { GUEST_PRELUDE_SHA256, METERED_WASM_SHA256 } from "./metered-wasm.ts";

/** Of `encodeGuestData`; another number for another encoding of the same data. */
const INPUT_ENCODING = Uint8Array.of(1);

/**
 * Names everything that a verdict and its gas rest on: metered wasm (engine and gas schedule),
 * prelude, and input encoding. Networks pin it in their parameters.
 */
export const ENGINE_HASH = taggedHash(
  "engine",
  fromHex(METERED_WASM_SHA256),
  fromHex(GUEST_PRELUDE_SHA256),
  INPUT_ENCODING,
);
