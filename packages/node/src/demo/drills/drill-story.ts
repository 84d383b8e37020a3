import type { Reconciliation } from "../reconcile.ts";
import type { Drill, DrillAttempt } from "./drill.ts";
import type { DrillResult, DrillsOutcome } from "./run-drills.ts";

/** What drills come to, as `--json` prints it. */
export type DrillsSummary = {
  done: number;
  failed: number;
  attempts: number;
  reconciled: boolean;
  ms: number;
};

export function drillsSummary(
  { results, reconciliation }: DrillsOutcome,
  ms: number,
): DrillsSummary {
  return {
    done: results.length,
    failed: results.filter(({ failures }) => failures.length > 0).length,
    attempts: results.reduce((sum, { attempts }) => sum + attempts, 0),
    reconciled: reconciliation.differences.length === 0,
    ms,
  };
}

/** What is tried now. */
export function titleLines({ title }: Drill, { number, of }: { number: number; of: number }) {
  return ["", `Drill ${number} of ${of}: ${title}`];
}

export function attemptLine({ attempt, outcome, refusedBy }: DrillAttempt): string {
  return `  ${attempt}: ${refusedBy === undefined ? outcome : `refused by ${refusedBy}`}`;
}

export function findingLine(sentence: string): string {
  return `  ${sentence}`;
}

export function resultLines({ attempts, failures, ms }: DrillResult): string[] {
  const tried = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  if (failures.length === 0) return [`  passed: ${tried}, ${ms} ms`];
  return [...failures.map((failure) => `  FAILED  ${failure}`), `  failed: ${tried}, ${ms} ms`];
}

export function drillsLines(
  { done, failed, attempts, reconciled, ms }: DrillsSummary,
  { differences }: Reconciliation,
): string[] {
  return [
    "",
    ...differences.map((difference) => `  ${difference}`),
    `${done - failed} of ${done} drills passed, ${attempts} attempts, ` +
      `${reconciled ? "reconciled" : "not reconciled"}, ${(ms / 1000).toFixed(1)} s`,
  ];
}
