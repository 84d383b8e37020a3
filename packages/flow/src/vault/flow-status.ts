import type { FlowStatus } from "../ports/store.ts";

/** What nothing changes any more, and whose journal is dropped. */
export const ENDED_STATUSES: readonly FlowStatus[] = ["COMPLETED", "FAILED", "KILLED"];

export function isEnded(status: FlowStatus): boolean {
  return ENDED_STATUSES.includes(status);
}
