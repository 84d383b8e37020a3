import type { Signature } from "@stateset/codec";
import {
  type Absence,
  absencePayload,
  type NotarisationRequest,
  type NotaryAnswer,
  type NotaryFault,
  RemoteFailure,
} from "@stateset/flow";
import {
  type BlockHeader,
  type IdentityId,
  LedgerError,
  type Receipt,
  type SignedTransaction,
  type TransactionId,
} from "@stateset/ledger";
import {
  assertStoreIsOf,
  BlockMaker,
  type BlockMakerOptions,
  type BlockOutcome,
} from "./block-maker.ts";
import { checkRequest, type NotaryStanding } from "./check-request.ts";
import type { BlockEntry } from "./decide-block.ts";
import { asReason, NotaryRefusal } from "./notary-refusal.ts";
import type { NotaryService } from "./notary-service.ts";
import { type OpenedRequest, openRequest } from "./open-request.ts";

export type EmbeddedNotaryOptions = BlockMakerOptions & {
  /**
   * Makes the notary a validating one: it is shown whole transactions, and this checks each, with
   * its history. A LedgerError is a verdict; any other error is trouble of ours, and no answer.
   */
  verify?: (signed: SignedTransaction) => Promise<void>;
  /** Noted as who asked where a request comes from this process. */
  identity?: IdentityId;
};

/** Few enough that a block is decided in well under the time of a slow commit. */
const BLOCK_MAX = 256;
/** What a slow disk takes a few seconds for; more would wait longer than clients do. */
const WAITING_MAX = 4096;
const RETRY_AFTER_MS = 500;
const INVALID_REASON_BYTES_MAX = 2048;
const INVALID_CODE_BYTES_MAX = 256;

type Waiter<T> = { resolve(value: T): void; reject(error: unknown): void };
type Notarisation = Waiter<NotaryAnswer> & { entry: BlockEntry & { requester?: IdentityId } };
type AbsenceAsked = Waiter<Absence | undefined> & { id: TransactionId; until: number };

/**
 * A notary in one process: the rules of a cluster that has one member. What arrives while one block
 * is committed is the next block, so that no request waits for a timer.
 */
export class EmbeddedNotary implements NotaryService {
  readonly #options: EmbeddedNotaryOptions;
  readonly #standing: NotaryStanding;
  readonly #maker: BlockMaker;
  #notarisations: Notarisation[] = [];
  #absences: AbsenceAsked[] = [];
  /** Requests that have no answer yet, those still being checked included. */
  #waiting = 0;
  #isRunning = false;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  private constructor(options: EmbeddedNotaryOptions) {
    this.#options = options;
    this.#standing = { id: options.memberSet.cluster, map: options.map };
    this.#maker = new BlockMaker(options);
  }

  /** @throws Error where there is not one member, or the store is that of another cluster */
  static async open(options: EmbeddedNotaryOptions): Promise<EmbeddedNotary> {
    const { memberSet, store } = options;
    if (memberSet.members.length !== 1) throw new Error("an embedded notary has one member");
    await assertStoreIsOf(memberSet, store);
    return new EmbeddedNotary(options);
  }

  /** @throws RemoteFailure `notary/unavailable` where it is not known whether it was notarised */
  async notarise(
    request: NotarisationRequest,
    requester: IdentityId | undefined = this.#options.identity,
  ): Promise<NotaryAnswer> {
    return await this.#admit(async () => {
      let opened: OpenedRequest;
      try {
        const { verify } = this.#options;
        opened = openRequest(request, verify === undefined ? "non-validating" : "validating");
      } catch (error) {
        return refusal(error);
      }
      const entry = await this.#check(opened);
      const asked = requester === undefined ? entry : { ...entry, requester };
      return await new Promise<NotaryAnswer>((resolve, reject) => {
        this.#notarisations.push({ entry: asked, resolve, reject });
        this.#wake();
      });
    }, overloaded);
  }

  async receipt(id: TransactionId): Promise<Receipt | undefined> {
    const { notarised } = await available(
      this.#options.store.lookup({ ids: [id], refs: [], uniqueKeys: [] }),
    );
    const at = notarised.get(id);
    return at === undefined ? undefined : await available(this.#maker.receiptAt(at));
  }

  async absence(id: TransactionId, until: number): Promise<Absence | undefined> {
    return await this.#admit(
      () =>
        new Promise<Absence | undefined>((resolve, reject) => {
          this.#absences.push({ id, until, resolve, reject });
          this.#wake();
        }),
      () => {
        const facts = { retryAfterMs: RETRY_AFTER_MS };
        throw new RemoteFailure("notary/overloaded", "the notary has too much to do", facts);
      },
    );
  }

  /** Answers what was asked, and takes no more. The store is its opener's to close. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#waiting === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  async #admit<T>(serve: () => Promise<T>, refuse: () => T): Promise<T> {
    if (this.#isClosed) throw unavailable("the notary is closed");
    if (this.#waiting >= WAITING_MAX) return refuse();
    this.#waiting++;
    try {
      return await serve();
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#onIdle?.();
    }
  }

  /** A refusal waits for the block as well: what was notarised earlier stays a success. */
  async #check(opened: OpenedRequest): Promise<BlockEntry> {
    try {
      const request = checkRequest(opened, this.#standing);
      await this.#options.verify?.(opened.signed);
      return { kind: "checked", request };
    } catch (error) {
      if (error instanceof NotaryRefusal)
        return { kind: "refused", id: opened.id, fault: error.fault };
      if (!(error instanceof LedgerError))
        throw unavailable("the transaction could not be checked", error);
      const fault: NotaryFault = {
        kind: "notary/invalid-transaction",
        code: asReason(error.refusedBy, INVALID_CODE_BYTES_MAX),
        reason: asReason(error.message, INVALID_REASON_BYTES_MAX),
      };
      return { kind: "refused", id: opened.id, fault };
    }
  }

  #wake(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (this.#notarisations.length + this.#absences.length > 0) {
      const notarisations = this.#notarisations.splice(0, BLOCK_MAX);
      const absences = this.#absences.splice(0, BLOCK_MAX);
      const entries = notarisations.map(({ entry }) => entry);
      try {
        const outcome = await this.#maker.make({ entries, absences });
        for (const [i, { resolve }] of notarisations.entries())
          resolve(outcome.answers[i] as NotaryAnswer);
        for (const asked of absences) asked.resolve(await this.#absenceOf(asked, outcome));
      } catch (error) {
        const failure = unavailable("the notary's store did not answer", error);
        for (const { reject } of [...notarisations, ...absences]) reject(failure);
      }
    }
    this.#isRunning = false;
  }

  async #absenceOf(
    { id, until }: AbsenceAsked,
    { newest, notarised }: BlockOutcome,
  ): Promise<Absence | undefined> {
    if (newest === undefined || newest.blockTime < until || notarised.has(id)) return undefined;
    const unsigned = absenceStatement(newest, id);
    const { sign, map } = this.#options;
    const signature: Signature = await sign(absencePayload(map.network, unsigned));
    return { ...unsigned, signatures: [signature] };
  }
}

function absenceStatement(newest: BlockHeader, id: TransactionId): Absence {
  const { cluster, height, blockTime, memberEpoch, memberSetHash } = newest;
  return {
    cluster: cluster as string as Absence["cluster"],
    height,
    blockTime,
    memberEpoch,
    memberSetHash,
    id: id as string as Absence["id"],
    signatures: [],
  };
}

function refusal(error: unknown): NotaryAnswer {
  if (error instanceof NotaryRefusal) return { kind: "refused", fault: error.fault };
  throw error;
}

function overloaded(): NotaryAnswer {
  const fault: NotaryFault = { kind: "notary/overloaded", retryAfterMs: RETRY_AFTER_MS };
  return { kind: "refused", fault };
}

async function available<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw unavailable("the notary's store did not answer", error);
  }
}

function unavailable(message: string, cause?: unknown): RemoteFailure {
  const failure = new RemoteFailure("notary/unavailable", message);
  if (cause !== undefined) failure.cause = cause;
  return failure;
}
