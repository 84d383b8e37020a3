import { dayNumber, dayOf } from "@stateset/ledger/contract";
import type { Rule } from "./receivable-rules.ts";

const DAY_MS = 86_400_000;

/**
 * The UTC day on which the time window begins. The notary vouches for the window, and a narrow one
 * leaves no choice of day, so that nobody dates what it does as it pleases.
 */
export function windowDay(window: { from?: number; until?: number }, rule: Rule): string {
  const { from, until } = window;
  const isNarrow = from !== undefined && until !== undefined && until - from <= DAY_MS;
  rule("dated-by-window", isNarrow, { from, until });
  return dayOf(from ?? 0);
}

/** How many days the one date lies after the other. */
export function daysAfter(date: string, other: string): number {
  return dayNumber(date) - dayNumber(other);
}
