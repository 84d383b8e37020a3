import type { NotaryFault } from "@stateset/flow";
import type { IdentityId, TransactionId } from "@stateset/ledger";

/** What one MsgNotarise has at most; a request that is larger by itself goes alone. */
export type BatchLimits = { requestsMax: number; bytesMax: number };

/** A request that waits to be submitted, again or for the first time. */
export type WaitingRequest = {
  id: TransactionId;
  /** Of inputs, then of references. */
  creators: readonly TransactionId[];
  /** Canonical bytes. */
  shown: Uint8Array;
  requester: IdentityId | undefined;
  /** Submissions of which it is open what came of them. */
  attempts: number;
  /** A batch with it was not taken: it is tried by itself, so that one does not spoil the others. */
  isAlone: boolean;
  /** Refused, maybe only since a creating transaction was notarised too late to be shown. */
  unproven?: { fault: NotaryFault; chainHeight: number; unknown: ReadonlySet<TransactionId> };
  settle(outcome: RequestOutcome): void;
};

export type RequestOutcome =
  | { kind: "notarised"; height: number }
  | { kind: "refused"; fault: NotaryFault }
  | { kind: "open"; cause: unknown };

/** In the order of arrival; what is tried again goes before what is new. */
export class SubmissionQueue {
  readonly #limits: BatchLimits;
  #requests: WaitingRequest[] = [];

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#requests.length === 0;
  }

  add(request: WaitingRequest): void {
    this.#requests.push(request);
  }

  putBack(requests: readonly WaitingRequest[]): void {
    this.#requests = [...requests, ...this.#requests];
  }

  take(): WaitingRequest[] {
    const { requestsMax, bytesMax } = this.#limits;
    let bytes = 0;
    const over = this.#requests.findIndex((request, index) => {
      bytes += request.shown.length;
      const before = this.#requests[index - 1];
      const isCrowd = request.isAlone || before?.isAlone === true;
      return index > 0 && (isCrowd || index >= requestsMax || bytes > bytesMax);
    });
    return this.#requests.splice(0, over === -1 ? this.#requests.length : over);
  }
}
