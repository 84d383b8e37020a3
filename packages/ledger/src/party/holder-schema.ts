import {
  HASH_BYTES,
  hex,
  type Infer,
  optional,
  publicKeySchema,
  record,
  uint,
} from "@stateset/codec/schema";
import { identityIdSchema } from "./party-schema.ts";

/**
 * The holder of a state: an identity, blinded, and by default a one-time key that spends at once,
 * so that notaries cannot link a holder's states. Where there is such a key, the identity itself
 * counts only after the delay.
 */
export type Holder = Infer<typeof holderSchema>;
export const holderSchema = record({
  identity: identityIdSchema,
  /** Keeps whoever sees the commitment from trying out identities. */
  blinding: hex({ length: HASH_BYTES }),
  key: optional(publicKeySchema),
  recoveryDelayMs: optional(uint()),
});
