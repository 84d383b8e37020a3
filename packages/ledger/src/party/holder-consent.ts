import {
  encode,
  HASH_BYTES,
  hex,
  inKeyOrder,
  type KeyTree,
  publicKeySchema,
  record,
  type SecretKey,
  type SignaturePayload,
  sign,
  speakFor,
  taggedHash,
  uint,
  verifySignature,
} from "@stateset/codec";
import type { NetworkId } from "../transaction/ids.ts";
import type { Holder } from "./holder-schema.ts";
import { identityIdSchema } from "./party-schema.ts";

const consentSchema = record({
  identity: identityIdSchema,
  blinding: hex({ length: HASH_BYTES }),
  key: publicKeySchema,
  recoveryDelayMs: uint(),
});

/** A week: long enough to notice a stolen identity key, short enough to wait for a lost one. */
export const RECOVERY_DELAY_MS = 7 * 24 * 3_600_000;

/**
 * The holder with its identity's word, by a signature of each key given, that the one-time key is
 * its own. Without it, whoever pays could name a key that the payer keeps.
 */
export function consentToKey(
  network: NetworkId,
  holder: Omit<Holder, "consent">,
  ...keys: SecretKey[]
): Holder {
  const payload = consentPayload(network, holder);
  const consent = keys.map((key) => sign(key, payload));
  return { ...holder, consent: inKeyOrder(consent) };
}

/** Why a holder must not stand in a new state, or undefined. */
export function holderFault(
  network: NetworkId,
  holder: Holder,
  identityKey: KeyTree | undefined,
): string | undefined {
  const { key, consent = [], recoveryDelayMs } = holder;
  if (key === undefined)
    return holder.consent === undefined && recoveryDelayMs === undefined
      ? undefined
      : "consent or a delay without a one-time key";
  if (identityKey === undefined) return "its identity is not known";
  if (!speakFor(identityKey, consent)) return "its identity did not consent to the one-time key";
  const payload = consentPayload(network, holder);
  const isValid = consent.every((signature) => verifySignature(signature, payload));
  return isValid ? undefined : "a signature of its consent is not valid";
}

/** What an identity's keys sign to say that a one-time key is its own; see `consentToKey`. */
export function consentPayload(
  network: NetworkId,
  holder: Omit<Holder, "consent">,
): SignaturePayload {
  const { identity, blinding, key, recoveryDelayMs = RECOVERY_DELAY_MS } = holder;
  const said = { identity, blinding, key, recoveryDelayMs };
  return {
    purpose: "holder-key",
    networkId: network,
    metadata: { platformVersion: 0 },
    hash: taggedHash("holder", encode(consentSchema, said as never)),
  };
}
