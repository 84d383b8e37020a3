import type { Clock } from "@stateset/flow";
import type { TransactionId } from "@stateset/ledger";
import { ChainError } from "../chain/chain-error.ts";
import type { BlockVerdicts, Chain, ChainPlace } from "./chain.ts";
import {
  type BatchLimits,
  type RequestOutcome,
  SubmissionQueue,
  type WaitingRequest,
} from "./submission-queue.ts";
import { Throughput } from "./throughput.ts";
import type { Verdict } from "./verdict.ts";

export type SubmitterOptions = { chain: Chain; clock: Clock; limits?: BatchLimits };

/** Small enough that a batch is passed on between members in little time. */
const LIMITS: BatchLimits = { requestsMax: 256, bytesMax: 512 << 10 };
/** A block is being made, the next one gathered, and some room for what comes late. */
const IN_FLIGHT_MAX = 4;
/** What a busy cluster takes some seconds for; more would wait longer than clients do. */
const WAITING_MAX = 4096;
const WAITING_BYTES_MAX = 64 << 20;
/** A client asks again by itself; it must hear in time that it has to. */
const ATTEMPTS_MAX = 3;
const PAUSE_MS = 200;
/** In one question. */
const PLACES_MAX = 4096;

/**
 * Brings requests to the chain. What arrives while a batch is on its way to the member is the next
 * batch, so that nothing waits for a timer. Where it is open what came of a batch, its requests go
 * again: the chain notarises an id once.
 */
export class Submitter {
  readonly #chain: Chain;
  readonly #clock: Clock;
  readonly #queue: SubmissionQueue;
  readonly #throughput: Throughput;
  #waiting = 0;
  #waitingBytes = 0;
  #inFlight = 0;
  #isRunning = false;

  constructor({ chain, clock, limits = LIMITS }: SubmitterOptions) {
    this.#chain = chain;
    this.#clock = clock;
    this.#queue = new SubmissionQueue(limits);
    this.#throughput = new Throughput(clock);
  }

  /** How long to wait before asking again, or undefined where there is room. */
  overload(): number | undefined {
    const isFull = this.#waiting >= WAITING_MAX || this.#waitingBytes >= WAITING_BYTES_MAX;
    return isFull ? this.#throughput.waitOf(this.#waiting) : undefined;
  }

  submit(
    request: Pick<WaitingRequest, "id" | "creators" | "shown" | "requester">,
  ): Promise<RequestOutcome> {
    return new Promise((resolve) => {
      this.#waiting++;
      this.#waitingBytes += request.shown.length;
      const settle = (outcome: RequestOutcome): void => {
        this.#waiting--;
        this.#waitingBytes -= request.shown.length;
        resolve(outcome);
      };
      this.#queue.add({ ...request, attempts: 0, isAlone: false, settle });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (!this.#queue.isEmpty && this.#inFlight < IN_FLIGHT_MAX) {
      const batch = this.#queue.take();
      this.#inFlight++;
      await new Promise<void>((taken) => {
        void this.#fly(batch, taken).finally(() => {
          this.#inFlight--;
          taken();
          void this.#run();
        });
      });
    }
    this.#isRunning = false;
  }

  /** Never rejects: what fails goes back to the queue, or is left open. */
  async #fly(batch: readonly WaitingRequest[], taken: () => void): Promise<void> {
    let left = batch;
    try {
      const places = await this.#placesOf(batch);
      left = this.#settleKnown(batch, places);
      if (left.length === 0) return;
      const { verdicts } = await this.#chain.submit(
        left.map(({ shown, creators, requester }) => ({
          shown,
          created: creators.map((id) => places.at.get(id)),
          ...(requester === undefined ? {} : { requester }),
        })),
      );
      taken();
      this.#judge(left, places, await verdicts);
    } catch (error) {
      taken();
      await this.#tryAgain(left, error);
    }
  }

  async #placesOf(batch: readonly WaitingRequest[]): Promise<KnownPlaces> {
    const ids = [...new Set(batch.flatMap(({ id, creators }) => [id, ...creators]))];
    const at = new Map<TransactionId, ChainPlace>();
    let chainHeight = Number.POSITIVE_INFINITY;
    for (let from = 0; from < ids.length; from += PLACES_MAX) {
      const asked = ids.slice(from, from + PLACES_MAX);
      const told = await this.#chain.places(asked);
      chainHeight = Math.min(chainHeight, told.chainHeight);
      for (const [i, place] of told.places.entries())
        if (place !== undefined) at.set(asked[i] as TransactionId, place);
    }
    return { at, chainHeight };
  }

  /** @returns those whose fate the chain has to decide, again or for the first time */
  #settleKnown(batch: readonly WaitingRequest[], places: KnownPlaces): WaitingRequest[] {
    const left: WaitingRequest[] = [];
    const early: WaitingRequest[] = [];
    for (const request of batch) {
      const { id, unproven } = request;
      const place = places.at.get(id);
      const isNew = unproven === undefined || [...unproven.unknown].some((id) => places.at.has(id));
      if (place !== undefined) request.settle({ kind: "notarised", height: place.height });
      else if (isNew) left.push(request);
      else if (places.chainHeight >= unproven.chainHeight)
        request.settle({ kind: "refused", fault: unproven.fault });
      // The index is behind the block that refused: it may know the creating transaction yet.
      else early.push(request);
    }
    this.#throughput.count(batch.length - left.length - early.length);
    void this.#tryAgain(early, new Error("the member's index of ids is behind"));
    return left;
  }

  #judge(batch: readonly WaitingRequest[], places: KnownPlaces, told: BlockVerdicts): void {
    if (told.verdicts.length !== batch.length)
      throw new Error(`${told.verdicts.length} verdicts on ${batch.length} requests`);
    const again: WaitingRequest[] = [];
    for (const [i, request] of batch.entries()) {
      const verdict = told.verdicts[i] as Verdict;
      const unproven = unprovenOf(request, verdict, { places, chainHeight: told.chainHeight });
      if (verdict.kind === "notarised")
        request.settle({ kind: "notarised", height: verdict.height });
      else if (unproven === undefined) request.settle(verdict);
      else again.push({ ...request, unproven });
    }
    this.#throughput.count(batch.length - again.length);
    this.#queue.putBack(again);
  }

  /** A member that is away may be back soon; a client that waits too long asks elsewhere. */
  async #tryAgain(batch: readonly WaitingRequest[], error: unknown): Promise<void> {
    const isRefused = error instanceof ChainError && error.code === "chain/refused";
    const again: WaitingRequest[] = [];
    for (const request of batch) {
      const attempts = request.attempts + 1;
      if (attempts >= ATTEMPTS_MAX) request.settle(this.#outcomeOf(error));
      else again.push({ ...request, attempts, isAlone: request.isAlone || isRefused });
    }
    if (again.length === 0) return;
    await this.#pause(PAUSE_MS * 2 ** (again[0]?.attempts ?? 0));
    this.#queue.putBack(again);
    void this.#run();
  }

  #outcomeOf(error: unknown): RequestOutcome {
    const isFull = error instanceof ChainError && error.code === "chain/full";
    if (!isFull) return { kind: "open", cause: error };
    const retryAfterMs = this.#throughput.waitOf(this.#waiting);
    return { kind: "refused", fault: { kind: "notary/overloaded", retryAfterMs } };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}

/**
 * The chain proves creating transactions by the places that it is shown. One that was notarised
 * after the places were asked for is refused as unproven, though it is not the spender's fault.
 */
function unprovenOf(
  { creators }: WaitingRequest,
  verdict: Verdict,
  { places, chainHeight }: { places: KnownPlaces; chainHeight: number },
): WaitingRequest["unproven"] {
  if (verdict.kind === "notarised" || verdict.fault.kind !== "notary/header-unproven")
    return undefined;
  const unknown = new Set(creators.filter((id) => !places.at.has(id)));
  return unknown.size === 0 ? undefined : { fault: verdict.fault, chainHeight, unknown };
}

type KnownPlaces = { at: ReadonlyMap<TransactionId, ChainPlace>; chainHeight: number };
