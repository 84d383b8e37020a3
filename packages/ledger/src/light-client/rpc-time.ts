const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{0,8}[1-9]))?Z$/;
const NS_PER_MS = 1_000_000n;

/**
 * Nanoseconds since 1970 of a time as Go writes it (RFC 3339, no trailing zeros), or `undefined`
 * where it is none, or none of those that fit: from 1970 to 2262.
 */
export function parseRpcTime(text: string): bigint | undefined {
  const [, seconds, fraction = ""] = RFC_3339.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const ms = Date.parse(`${seconds}Z`);
  // A day that the month does not have would become one of the next.
  if (Number.isNaN(ms) || ms < 0 || !new Date(ms).toISOString().startsWith(seconds))
    return undefined;
  const timeNs = BigInt(ms) * NS_PER_MS + BigInt(fraction.padEnd(9, "0"));
  return timeNs < 2n ** 63n ? timeNs : undefined;
}
