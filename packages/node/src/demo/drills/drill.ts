import type { UblInvoice } from "@stateset/invoice";
import type { AttachedBundle } from "@stateset/ledger";
import type { Flow, FlowStart } from "../../cli/run-flow.ts";
import { RequestError } from "../../request-error.ts";
import type { LifecycleParty, Role } from "../lifecycle-facts.ts";
import type { HeldState } from "../reconcile.ts";
import type { Draft } from "./contracts/draft.ts";
import type { DraftStates } from "./contracts/draft-states.ts";

/** A party as a drill sees it: what its user can do, and what its vault says. */
export interface DrillParty extends LifecycleParty {
  readonly name: string;
  readonly identity: string;
  states(
    type: string,
    query: { status: "unconsumed" | "all"; isOurs?: true },
  ): Promise<HeldState[]>;
}

export type DrillParties = Readonly<Record<Role | "rival", DrillParty>>;

/** A node's process, to be ended in the midst of what it does. */
export type DrillProcesses = {
  /** Starts the node anew, to end as `kill -9` does at a point; see `STATESET_CRASH_POINT`. */
  arm(name: string, point: string): Promise<void>;
  /** Resolves once the node's process has ended; false where it does not in good time. */
  died(name: string): Promise<boolean>;
  revive(name: string): Promise<void>;
  /** Starts a flow at a node and waits for it; the same client id gives the same flow. */
  start(name: string, start: FlowStart): Promise<Flow>;
};

/** The contracts as the nodes run them. */
export type DrillContracts = {
  bundles: readonly AttachedBundle[];
  states: DraftStates;
  /** The rule or code that refuses a transaction; nothing where it is valid. */
  refusalOf: (draft: Draft) => Promise<string | undefined>;
};

export type DrillDocument = { xml: Uint8Array; ubl: UblInvoice };

/** A network after its lifecycle, on which drills are run. */
export type DrillStage = {
  parties: DrillParties;
  processes: DrillProcesses;
  contracts: DrillContracts;
  /** The invoice that the lifecycle financed. */
  financed: DrillDocument;
  /** An invoice like it that nobody has seen yet. */
  nextDocument(): DrillDocument;
};

/** Something that was tried, and what became of it. */
export type DrillAttempt = {
  attempt: string;
  outcome: "refused" | "completed";
  refusedBy?: string;
  ms: number;
};

export type Drill = {
  name: string;
  /** What is tried, for people. */
  title: string;
  /** It has more attempts than people want to read, and sums them up in findings. */
  isSummedUp?: boolean;
  run(stage: DrillStage, notes: DrillNotes): Promise<void>;
};

export type DrillListener = {
  onAttempt?: (attempt: DrillAttempt) => void;
  /** A sentence about what the books say, or a group of attempts. */
  onFinding?: (sentence: string) => void;
};

/**
 * Whoever took part in a transaction that the notary refused waits until its window has ended, as
 * only then nobody can bring it again.
 */
export type WaitingFlow = { party: string; flow: string };

/** What a drill found out: attempts, and what did not end as it must. */
export class DrillNotes {
  readonly failures: string[] = [];
  readonly waiting: WaitingFlow[] = [];
  /** The rules and codes that refused something. */
  readonly met: string[] = [];
  attempts = 0;
  readonly #listener: DrillListener;

  constructor(listener: DrillListener = {}) {
    this.#listener = listener;
  }

  /** Notes an attempt, and a failure where it did not end as it must. */
  attempt(made: DrillAttempt, isAsItMust: boolean, expected: string): void {
    this.attempts++;
    if (made.refusedBy !== undefined) this.met.push(made.refusedBy);
    this.#listener.onAttempt?.(made);
    if (isAsItMust) return;
    const found = made.refusedBy === undefined ? made.outcome : `refused by ${made.refusedBy}`;
    this.failures.push(`${made.attempt}: ${found}, and must be ${expected}`);
  }

  /** Tries what must be refused by one of these. @returns what refused it, if anything */
  async mustBeRefused(
    attempt: string,
    by: readonly string[],
    tried: () => Promise<unknown>,
  ): Promise<RequestError | undefined> {
    const startedAt = performance.now();
    const refusal = await refusalOf(tried);
    const ms = Math.round(performance.now() - startedAt);
    const isAsItMust = refusal !== undefined && by.includes(refusal.code);
    const outcome = refusal === undefined ? "completed" : "refused";
    const refusedBy = refusal === undefined ? {} : { refusedBy: refusal.code };
    this.attempt(
      { attempt, outcome, ...refusedBy, ms },
      isAsItMust,
      `refused by ${by.join(" or ")}`,
    );
    return refusal;
  }

  /** Tries a transaction that a contract must refuse by this rule, whoever has signed it. */
  async contractMustRefuse(
    attempt: string,
    rule: { contract: string; code: string },
    refusal: () => Promise<string | undefined>,
  ): Promise<void> {
    // Written together, a rule would look like one of our own codes.
    const expected = [rule.contract, rule.code].join("/");
    const startedAt = performance.now();
    const refusedBy = await refusal();
    const ms = Math.round(performance.now() - startedAt);
    const made: DrillAttempt =
      refusedBy === undefined
        ? { attempt, outcome: "completed", ms }
        : { attempt, outcome: "refused", refusedBy, ms };
    this.attempt(made, refusedBy === expected, `refused by ${expected}`);
  }

  /** Notes what the books say, or what they should. */
  check(holds: boolean, sentence: string): void {
    if (holds) this.#listener.onFinding?.(sentence);
    else this.failures.push(`it does not hold that ${sentence}`);
  }

  /** Notes a flow that rightly goes on after the drill, for as long as a transaction's window. */
  leavesWaiting(flow: WaitingFlow, sentence: string): void {
    this.waiting.push(flow);
    this.tell(sentence);
  }

  tell(sentence: string): void {
    this.#listener.onFinding?.(sentence);
  }
}

async function refusalOf(tried: () => Promise<unknown>): Promise<RequestError | undefined> {
  try {
    await tried();
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}
