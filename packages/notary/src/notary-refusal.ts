import type { NotaryFault } from "@stateset/flow";

/** Thrown while a request is judged; it becomes the answer. */
export class NotaryRefusal extends Error {
  readonly fault: NotaryFault;

  constructor(fault: NotaryFault) {
    super(fault.kind);
    this.name = "NotaryRefusal";
    this.fault = fault;
  }
}

const REASON_BYTES_MAX = 512;

export function malformed(reason: string): NotaryRefusal {
  return new NotaryRefusal({ kind: "notary/malformed", reason: asReason(reason) });
}

/**
 * A reason as it may stand in an answer. Messages quote what strangers sent, which need not be text
 * that canonical bytes admit.
 */
export function asReason(message: string, bytesMax = REASON_BYTES_MAX): string {
  return message.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, bytesMax);
}
