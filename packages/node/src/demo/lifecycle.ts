import type { UblInvoice } from "@stateset/invoice";
import { dayOf } from "@stateset/ledger/contract";
import {
  dueDateOf,
  type LifecycleFacts,
  type LifecycleParties,
  type LifecycleParty,
  type Role,
  resultOf,
  type StepName,
  type Terms,
} from "./lifecycle-facts.ts";
import { LIFECYCLE_STEPS } from "./lifecycle-steps.ts";

export type { LifecycleFacts, LifecycleParties, LifecycleParty, Role, StepName };

export const TERMS: Terms = {
  advanceRate: "80",
  discountRate: "7.5",
  feeRate: "0.5",
  dayCount: "A004",
  recourseDays: 90,
};

/** A step that was done. */
export type LifecycleStep = {
  /** From 1 on. */
  step: number;
  of: number;
  name: StepName;
  party: Role;
  flow: string;
  txId: string;
  ms: number;
  facts: LifecycleFacts;
};

export type LifecycleOptions = {
  parties: LifecycleParties;
  xml: Uint8Array;
  ubl: UblInvoice;
  /** Milliseconds since 1970; the machine's clock unless given. */
  now?: number;
  terms?: Terms;
  /** Told before each step. */
  onBegin?: (step: Omit<LifecycleStep, "txId" | "ms">) => void;
  /** Told after each step. */
  onStep?: (step: LifecycleStep) => void;
};

/**
 * Takes one invoice from issue to the release of its reserve, step by step.
 * @throws what a party's flow ended with
 */
export async function runLifecycle(options: LifecycleOptions): Promise<LifecycleStep[]> {
  const { parties, xml, ubl, now = Date.now(), terms = TERMS } = options;
  const today = dayOf(now);
  const results = new Map<StepName, Record<string, unknown>>();
  const facts: LifecycleFacts = {
    ...{ parties, xml, ubl, terms, today, results },
    dueDate: dueDateOf(ubl, today),
    firstPayment: (ubl.totals.payable * 2n) / 5n,
  };
  const planned = LIFECYCLE_STEPS.filter(({ isNeeded }) => isNeeded?.(facts) ?? true);
  const done: LifecycleStep[] = [];
  for (const [index, { name, party, flow, input, answers }] of planned.entries()) {
    const place = { step: index + 1, of: planned.length, name, party, flow, facts };
    options.onBegin?.(place);
    if (answers !== undefined)
      await parties[party].holds(resultOf(results, answers, "transactionId"));
    const startedAt = performance.now();
    const result = await parties[party].run(flow, input(facts));
    const ms = Math.round(performance.now() - startedAt);
    results.set(name, result);
    const txId = resultOf(results, name, "transactionId");
    const last: LifecycleStep = { ...place, txId, ms };
    done.push(last);
    options.onStep?.(last);
  }
  return done;
}
