const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** Where the platform has nothing of its own. */
export function toHexText(bytes: Uint8Array): string {
  let hex = "";
  for (let i = 0; i < bytes.length; i++) hex += OCTETS[bytes[i] as number];
  return hex;
}
