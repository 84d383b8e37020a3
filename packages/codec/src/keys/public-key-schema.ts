import { type Hex, hex, type Infer, record, union } from "../canonical/schema.ts";

/** One key of one scheme; P-256 points are compressed. */
export type PublicKey = { kind: "ed25519"; key: Hex } | { kind: "p256"; key: Hex };

export const ed25519Key = record({ key: hex({ length: 32 }) });
export const p256Key = record({ key: hex({ length: 33 }) });

export const publicKeySchema = union({ ed25519: ed25519Key, p256: p256Key });

/** A text that two keys share only if they are the same key. */
export function keyId(key: PublicKey): string {
  return `${key.kind}:${key.key}`;
}

// Type and schema are written apart so that editors show the short one; this holds them together.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
true satisfies Same<Infer<typeof publicKeySchema>, PublicKey>;
