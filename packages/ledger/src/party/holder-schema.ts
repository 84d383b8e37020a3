import {
  HASH_BYTES,
  hex,
  type Infer,
  list,
  optional,
  publicKeySchema,
  record,
  simpleSignatureSchema,
  uint,
} from "@stateset/codec/schema";
import { identityIdSchema } from "./party-schema.ts";

/** A year. */
const RECOVERY_DELAY_MAX_MS = 366 * 24 * 3_600_000;

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
  recoveryDelayMs: optional(uint({ max: RECOVERY_DELAY_MAX_MS })),
  /** The identity's signatures over the above: that the one-time key is its own. */
  consent: optional(list(simpleSignatureSchema, { min: 1, max: 32 })),
});
