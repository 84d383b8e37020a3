/** 16 bytes as hexadecimal text, as a UUID is written: how stores have flows and sessions. */
export function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The same without dashes, as frames have sessions. */
export function sessionIdOf(uuid: string): string {
  return uuid.replaceAll("-", "");
}
