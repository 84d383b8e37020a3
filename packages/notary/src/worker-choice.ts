import type { Clock } from "@stateset/flow";
import type { IdentityId, TransactionId } from "@stateset/ledger";

/** How long a worker that failed is asked last. */
const AVOIDED_MS = 60_000;
/** Of an id, which is a hash: as much as one number holds exactly. */
const HASH_DIGITS = 12;

/**
 * In which order to ask a cluster's workers about a transaction. Any of them can answer, so each
 * asker and transaction begin with another one, and those that failed a short time ago come last.
 */
export class WorkerChoice {
  readonly #asker: IdentityId;
  readonly #clock: Pick<Clock, "now">;
  readonly #failedAt = new Map<IdentityId, number>();

  constructor(asker: IdentityId, clock: Pick<Clock, "now">) {
    this.#asker = asker;
    this.#clock = clock;
  }

  order(workers: readonly IdentityId[], id: TransactionId): readonly IdentityId[] {
    const first = (numberOf(this.#asker) + numberOf(id)) % workers.length;
    const turned = [...workers.slice(first), ...workers.slice(0, first)];
    const now = this.#clock.now();
    // The one that failed longest ago is the likeliest to be back.
    const penaltyOf = (worker: IdentityId) => {
      const failedAt = this.#failedAt.get(worker);
      return failedAt === undefined || failedAt + AVOIDED_MS <= now ? 0 : failedAt;
    };
    return turned.sort((a, b) => penaltyOf(a) - penaltyOf(b));
  }

  failed(worker: IdentityId): void {
    this.#failedAt.set(worker, this.#clock.now());
  }

  answered(worker: IdentityId): void {
    this.#failedAt.delete(worker);
  }
}

function numberOf(id: IdentityId | TransactionId): number {
  return Number.parseInt(id.slice(0, HASH_DIGITS), 16);
}
