/** Bigints as decimal strings, bytes as hexadecimal ones. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, each) => plain(each), indent);
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value;
}
