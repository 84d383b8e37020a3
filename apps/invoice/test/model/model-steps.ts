import fc from "fast-check";
import { FAULTS, type FaultName, faultOf } from "./draft-faults.ts";
import type { InvoiceDraft, ModelWorld } from "./invoice-draft.ts";
import { COMMANDS, draftOf, type Knobs, pick } from "./proper-drafts.ts";
import { stepsFrom } from "./status-table.ts";

/**
 * What somebody tries next. Numbers choose among what there is when its turn comes, so that any
 * part of a sequence is a sequence too, and a long one that fails can be cut down.
 */
export type ModelStep = Knobs & {
  /** `fitting` takes one that the chosen invoice's status allows, if any does. */
  command: string;
  /** Which of the fitting ones. */
  choice: number;
  fault?: { nth: number; by: number };
};

const knobs = {
  choice: fc.nat({ max: 99 }),
  at: fc.nat({ max: 11 }),
  which: fc.nat({ max: 59 }),
  hours: fc.nat({ max: 400 }),
  payable: fc.oneof(fc.bigInt({ min: 1n, max: 3n }), fc.bigInt({ min: 1n, max: 1_000_000n })),
  perMille: fc.oneof(
    { arbitrary: fc.constant(1000n), weight: 3 },
    { arbitrary: fc.bigInt({ min: 1n, max: 999n }), weight: 4 },
    { arbitrary: fc.constantFrom(0n, 1001n, 1300n), weight: 1 },
  ),
};
const fault = fc.record({
  nth: fc.nat({ max: 2 * Object.keys(FAULTS).length - 1 }),
  by: fc.nat({ max: 23 }),
});
/** One step in so many goes wrong on purpose. */
const oneIn = (steps: number) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: steps - 1 }, { arbitrary: fault, weight: 1 });

/** Most invoices shall live long enough to be paid. */
const LIKELY: { readonly [step: string]: number } = { AP: 8, pay: 8, credit: 6, transfer: 4 };

/** A sequence begins with an invoice, mostly a legal one. */
export const firstStep: fc.Arbitrary<ModelStep> = fc
  .record({ ...knobs, command: fc.constant("issue"), fault: oneIn(12) })
  .map(withoutNull);

export const nextStep: fc.Arbitrary<ModelStep> = fc
  .record({
    ...knobs,
    command: fc.oneof(
      { arbitrary: fc.constant("fitting"), weight: 12 },
      { arbitrary: fc.constantFrom(...COMMANDS), weight: 3 },
      { arbitrary: fc.constantFrom("pay", "credit", "transfer", "void", "write-off"), weight: 4 },
      { arbitrary: fc.constantFrom("issue", "issue-credit-note"), weight: 2 },
    ),
    fault: oneIn(3),
  })
  .map(withoutNull);

/** The draft that a step means in this world, and what of the world it uses up. */
export function draftOfStep(
  before: ModelWorld,
  step: ModelStep,
): { world: ModelWorld; draft: InvoiceDraft; fault?: FaultName } | undefined {
  const world = { ...before, now: before.now + step.hours * 3_600_000, ids: before.ids + 4 };
  const invoice = [...world.invoices.values()][step.at % Math.max(1, world.invoices.size)];
  const fitting = stepsFrom(invoice?.status ?? "").flatMap((each) =>
    new Array<string>(LIKELY[each] ?? 1).fill(each),
  );
  const command =
    step.command !== "fitting"
      ? step.command
      : (fitting[step.choice % Math.max(1, fitting.length)] ?? pick(COMMANDS, step.choice));
  const draft = draftOf(world, command, step);
  if (draft === undefined) return undefined;
  if (step.fault === undefined) return { world, draft };
  const fault = faultOf(draft.command, step.fault.nth);
  return { world, draft: FAULTS[fault](draft, step.fault.by, world), fault };
}

function withoutNull<T extends { fault: object | null }>({ fault: wrong, ...step }: T) {
  return { ...step, ...(wrong === null ? {} : { fault: wrong }) } as Omit<T, "fault"> & {
    fault?: NonNullable<T["fault"]>;
  };
}
