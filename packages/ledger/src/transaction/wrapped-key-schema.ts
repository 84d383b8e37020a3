import { bytes, type Infer, list, record, text } from "@stateset/codec";
import { GROUP_LIMITS } from "./groups.ts";

export const KEY_ID_BYTES_MAX = 128;
/** An ephemeral public key, and a content key encrypted with its tag. */
export const WRAPPED_KEY_BYTES = 32 + 32 + 16;

/** The content key of one sealed component, encrypted for one party; see `wrapContentKey`. */
const wrappedKeySchema = record({
  keyId: text({ min: 1, max: KEY_ID_BYTES_MAX }),
  wrapped: bytes({ min: WRAPPED_KEY_BYTES, max: WRAPPED_KEY_BYTES }),
});
export type WrappedKey = Infer<typeof wrappedKeySchema>;

/** The keys that one party is sent along with a transaction: at most one for each component. */
export const wrappedKeysSchema = list(wrappedKeySchema, { max: GROUP_LIMITS.private.max });
