/** A waiting request holds a connection; whoever needs longer asks again or follows the events. */
const WAIT_SECONDS_MAX = 60;

/**
 * How long a client would wait for an answer: the header `Prefer: wait=10` of RFC 7240, bounded.
 * Preferences that are not understood are passed over, as the RFC wants.
 */
export function preferredWaitMs(prefer: string | undefined): number {
  if (prefer === undefined) return 0;
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?([0-9]{1,6})"?\s*(?:$|[,;])/i.exec(prefer)?.[1];
  return seconds === undefined ? 0 : Math.min(Number(seconds), WAIT_SECONDS_MAX) * 1000;
}
