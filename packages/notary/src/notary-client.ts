import { CodecError } from "@stateset/codec";
import {
  type Absence,
  type Clock,
  decodeNotaryAnswer,
  encodeNotarisationRequest,
  type Network,
  type NetworkMap,
  type NotarisationRequest,
  type Notary,
  type NotaryAnswer,
  type NotaryEntry,
  RemoteFailure,
  requestedTransaction,
  verifyAbsence,
} from "@stateset/flow";
import {
  type IdentityId,
  LedgerError,
  type NotaryId,
  type Receipt,
  type TransactionId,
  verifyReceipt,
} from "@stateset/ledger";
import {
  ABSENCE,
  decodeAbsenceTold,
  decodeReceiptTold,
  encodeAbsenceAsked,
  encodeReceiptAsked,
  NOTARISE,
  RECEIPT,
} from "./notary-messages.ts";
import { asReason } from "./notary-refusal.ts";
import { WorkerChoice } from "./worker-choice.ts";

export type NotaryClientOptions = {
  network: Pick<Network, "request">;
  map: NetworkMap;
  /** Who asks. */
  identity: IdentityId;
  /** Which of the map's notaries. */
  id: NotaryId;
  clock: Clock;
  /** For one attempt. */
  timeoutMs?: number;
  attempts?: number;
};

type Attempt = { worker: IdentityId; timeoutMs: number };

/** Longer than a block takes under load, so that few requests are asked twice. */
const TIMEOUT_MS = 10_000;
/** At first, where others can be asked: one that died is not waited for long. Then twice as long. */
const FIRST_TIMEOUT_MS = 3_000;
const ATTEMPTS = 5;
const RETRY_AFTER_MS = 200;
const RETRY_AFTER_MS_MAX = 10_000;

/** What may pass by itself; asking again is safe, since the same question has the same answer. */
const TRANSIENT = new Set([
  "network/timeout",
  "network/failed",
  "notary/unavailable",
  "notary/overloaded",
]);

/** What another worker of the cluster may well answer, be it that this one lies. */
const FAULTS_OF_ONE = new Set([
  "network/unknown-peer",
  "network/no-address",
  "network/unknown-request",
  "network/overloaded",
  "notary/answer-malformed",
  "notary/receipt-invalid",
  "notary/absence-invalid",
  "notary/chain-diverged",
  "notary/not-a-member",
]);

/**
 * A notary reached over the network. Of a cluster's workers one is asked, and where it fails the
 * next. What they answer is checked: a receipt or a proof of absence that the members did not sign
 * never reaches the caller.
 */
export class NotaryClient implements Notary {
  readonly #options: NotaryClientOptions;
  readonly #choice: WorkerChoice;

  constructor(options: NotaryClientOptions) {
    this.#options = options;
    this.#choice = new WorkerChoice(options.identity, options.clock);
  }

  /**
   * @throws RemoteFailure `notary/receipt-invalid`, `notary/answer-malformed`,
   * `notary/unknown-notary`, or what the last attempt failed with
   * @throws LedgerError where the request holds no transaction
   */
  async notarise(request: NotarisationRequest): Promise<NotaryAnswer> {
    const id = requestedTransaction(request);
    const body = encodeNotarisationRequest(request);
    return await this.#asLongAsTransient(id, async (asked) => {
      const answer = await this.#ask(asked, NOTARISE, body, decodeNotaryAnswer);
      if (answer.kind === "notarised") this.#verify(answer.receipt, id);
      else if (answer.fault.kind === "notary/overloaded") throw overloaded(answer.fault);
      return answer;
    });
  }

  async receipt(id: TransactionId): Promise<Receipt | undefined> {
    const body = encodeReceiptAsked({ id });
    return await this.#asLongAsTransient(id, async (asked) => {
      const receipt = await this.#ask(asked, RECEIPT, body, decodeReceiptTold);
      if (receipt !== undefined) this.#verify(receipt, id);
      return receipt;
    });
  }

  async absence(id: TransactionId, until: number): Promise<Absence | undefined> {
    const body = encodeAbsenceAsked({ id, until });
    return await this.#asLongAsTransient(id, async (asked) => {
      const absence = await this.#ask(asked, ABSENCE, body, decodeAbsenceTold);
      if (absence !== undefined) verifyAbsence(absence, id, until, this.#trust());
      return absence;
    });
  }

  async #ask<T>(
    { worker, timeoutMs }: Attempt,
    kind: string,
    body: Uint8Array,
    read: (body: Uint8Array) => T,
  ): Promise<T> {
    const told = await this.#options.network.request(worker, kind, body, { timeoutMs });
    try {
      return read(told);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      throw distrusted("notary/answer-malformed", error.message);
    }
  }

  async #asLongAsTransient<T>(
    id: TransactionId,
    attempt: (asked: Attempt) => Promise<T>,
  ): Promise<T> {
    const { attempts = ATTEMPTS, timeoutMs: timeoutMsMax = TIMEOUT_MS } = this.#options;
    let asked: IdentityId | undefined;
    for (let attempted = 1; ; attempted++) {
      const workers = this.#choice.order(this.#entry().identities, id);
      const worker = workers.find((each) => each !== asked) ?? workers[0];
      if (worker === undefined) throw new Error("a notary has at least one identity");
      const isOnly = workers.length === 1;
      const patienceMs = isOnly ? timeoutMsMax : FIRST_TIMEOUT_MS * 2 ** (attempted - 1);
      try {
        const timeoutMs = Math.min(patienceMs, timeoutMsMax);
        const answer = await attempt({ worker, timeoutMs });
        this.#choice.answered(worker);
        return answer;
      } catch (error) {
        if (!(error instanceof RemoteFailure)) throw error;
        const { code } = error;
        const isHope = TRANSIENT.has(code) || (!isOnly && FAULTS_OF_ONE.has(code));
        if (!isHope || attempted >= attempts) throw error;
        this.#choice.failed(worker);
        asked = worker;
        await this.#pause(pauseOf(error, attempted));
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve);
    });
  }

  #verify(receipt: Receipt, id: TransactionId): void {
    try {
      verifyReceipt(receipt, id, this.#trust());
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      throw distrusted("notary/receipt-invalid", error.message);
    }
  }

  #trust() {
    return { network: this.#options.map.network, memberSets: this.#entry().memberSets };
  }

  #entry(): NotaryEntry {
    const { map, id } = this.#options;
    const entry = map.notary(id);
    if (entry !== undefined) return entry;
    throw new RemoteFailure("notary/unknown-notary", "the network map has no such notary", { id });
  }
}

/** Each attempt waits twice as long as the one before, or as long as the notary asks. */
function pauseOf({ facts }: RemoteFailure, attempted: number): number {
  const { retryAfterMs: asked } = facts;
  const ms = typeof asked === "number" ? asked : RETRY_AFTER_MS * 2 ** (attempted - 1);
  return Math.min(ms, RETRY_AFTER_MS_MAX);
}

function overloaded({ retryAfterMs }: { retryAfterMs: number }): RemoteFailure {
  return new RemoteFailure("notary/overloaded", "the notary has too much to do", { retryAfterMs });
}

function distrusted(code: string, message: string): RemoteFailure {
  const reason = asReason(message);
  return new RemoteFailure(code, `What the notary answered does not hold: ${reason}`, { reason });
}
