import { publicKeyOf, type SecretKey } from "@stateset/codec";

const SECRET = /^[0-9a-f]{64}$/;

/** A key as `notaryd` keeps it: JSON with `kind`, `key`, and `secret`, the seed of RFC 8032. */
export function readWorkerKey(text: string): SecretKey | undefined {
  const { kind, key, secret } = parsed(text);
  if (kind !== "ed25519" || typeof secret !== "string" || !SECRET.test(secret)) return undefined;
  const read: SecretKey = { kind, secret: new Uint8Array(Buffer.from(secret, "hex")) };
  return publicKeyOf(read).key === key ? read : undefined;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
