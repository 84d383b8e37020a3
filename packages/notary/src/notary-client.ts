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

export type NotaryClientOptions = {
  network: Pick<Network, "request">;
  map: NetworkMap;
  /** Which of the map's notaries. */
  id: NotaryId;
  clock: Clock;
  /** For one attempt. */
  timeoutMs?: number;
  attempts?: number;
};

/** Longer than a block takes under load, so that few requests are asked twice. */
const TIMEOUT_MS = 10_000;
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

/**
 * A notary reached over the network. What it answers is checked: a receipt or a proof of absence
 * that its members did not sign never reaches the caller.
 */
export class NotaryClient implements Notary {
  readonly #options: NotaryClientOptions;

  constructor(options: NotaryClientOptions) {
    this.#options = options;
  }

  /**
   * @throws RemoteFailure `notary/receipt-invalid`, `notary/answer-malformed`,
   * `notary/unknown-notary`, or what the last attempt failed with
   * @throws LedgerError where the request holds no transaction
   */
  async notarise(request: NotarisationRequest): Promise<NotaryAnswer> {
    const id = requestedTransaction(request);
    const body = encodeNotarisationRequest(request);
    return await this.#asLongAsTransient(async () => {
      const answer = await this.#ask(NOTARISE, body, decodeNotaryAnswer);
      if (answer.kind === "notarised") this.#verify(answer.receipt, id);
      else if (answer.fault.kind === "notary/overloaded") throw overloaded(answer.fault);
      return answer;
    });
  }

  async receipt(id: TransactionId): Promise<Receipt | undefined> {
    return await this.#asLongAsTransient(async () => {
      const receipt = await this.#ask(RECEIPT, encodeReceiptAsked({ id }), decodeReceiptTold);
      if (receipt !== undefined) this.#verify(receipt, id);
      return receipt;
    });
  }

  async absence(id: TransactionId, until: number): Promise<Absence | undefined> {
    return await this.#asLongAsTransient(async () => {
      const asked = encodeAbsenceAsked({ id, until });
      const absence = await this.#ask(ABSENCE, asked, decodeAbsenceTold);
      if (absence !== undefined) verifyAbsence(absence, id, until, this.#trust());
      return absence;
    });
  }

  async #ask<T>(kind: string, body: Uint8Array, read: (body: Uint8Array) => T): Promise<T> {
    const { network, timeoutMs = TIMEOUT_MS } = this.#options;
    const told = await network.request(this.#entry().identity, kind, body, { timeoutMs });
    try {
      return read(told);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      throw distrusted("notary/answer-malformed", error.message);
    }
  }

  async #asLongAsTransient<T>(attempt: () => Promise<T>): Promise<T> {
    const { attempts = ATTEMPTS } = this.#options;
    for (let attempted = 1; ; attempted++)
      try {
        return await attempt();
      } catch (error) {
        const isTransient = error instanceof RemoteFailure && TRANSIENT.has(error.code);
        if (!isTransient || attempted >= attempts) throw error;
        await this.#pause(pauseOf(error, attempted));
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
