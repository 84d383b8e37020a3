import type { Reconciliation } from "../reconcile.ts";
import {
  type Drill,
  type DrillAttempt,
  DrillNotes,
  type DrillStage,
  type WaitingFlow,
} from "./drill.ts";
import { formerPayee } from "./former-payee.ts";
import { illegalCommands } from "./illegal-commands.ts";
import { killedLender } from "./killed-lender.ts";
import { racingLenders } from "./racing-lenders.ts";
import { sameInvoiceTwice } from "./same-invoice-twice.ts";
import { shortOfCash } from "./short-of-cash.ts";

export const DRILLS: readonly Drill[] = [
  racingLenders,
  sameInvoiceTwice,
  killedLender,
  formerPayee,
  shortOfCash,
  illegalCommands,
];

/** A drill that was done. */
export type DrillResult = {
  /** From 1 on. */
  number: number;
  of: number;
  name: string;
  attempts: number;
  /** What did not end as it must. */
  failures: readonly string[];
  ms: number;
};

export type DrillsOutcome = {
  results: DrillResult[];
  /** Of the books of all parties, after all drills. */
  reconciliation: Reconciliation;
};

export type DrillsListener = {
  onBegin?: (drill: Drill, place: { number: number; of: number }) => void;
  onAttempt?: (drill: Drill, attempt: DrillAttempt) => void;
  onFinding?: (drill: Drill, sentence: string) => void;
  onEnd?: (drill: Drill, result: DrillResult) => void;
};

/** Runs drills one after the other; what breaks off in one is its failure, and the next is run. */
export async function runDrills(
  stage: DrillStage,
  compareBooks: (waiting: readonly WaitingFlow[]) => Promise<Reconciliation>,
  { drills = DRILLS, ...listener }: DrillsListener & { drills?: readonly Drill[] } = {},
): Promise<DrillsOutcome> {
  const results: DrillResult[] = [];
  const waiting: WaitingFlow[] = [];
  for (const [index, drill] of drills.entries()) {
    const place = { number: index + 1, of: drills.length };
    listener.onBegin?.(drill, place);
    const startedAt = performance.now();
    const { attempts, failures, ...left } = await runDrill(drill, stage, listener);
    waiting.push(...left.waiting);
    const ms = Math.round(performance.now() - startedAt);
    const result: DrillResult = { ...place, name: drill.name, attempts, failures, ms };
    results.push(result);
    listener.onEnd?.(drill, result);
  }
  return { results, reconciliation: await compareBooks(waiting) };
}

async function runDrill(
  drill: Drill,
  stage: DrillStage,
  { onAttempt, onFinding }: DrillsListener,
): Promise<DrillNotes> {
  const notes = new DrillNotes({
    onAttempt: (attempt) => onAttempt?.(drill, attempt),
    onFinding: (sentence) => onFinding?.(drill, sentence),
  });
  try {
    await drill.run(stage, notes);
  } catch (error) {
    notes.failures.push(`it broke off: ${error instanceof Error ? error.message : error}`);
  }
  return notes;
}
