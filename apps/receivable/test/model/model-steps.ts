import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { FAULTS, type FaultName, faultsFor } from "./draft-faults.ts";
import { ASSIGNOR, DEBTOR, type Knobs, pick } from "./model-cast.ts";
import { COMMANDS, draftOf } from "./proper-drafts.ts";
import {
  dayOf,
  isOpen,
  type ModelInvoice,
  type ModelWorld,
  owed,
  type ReceivableDraft,
} from "./receivable-draft.ts";
import { stepsFrom } from "./status-table.ts";

/**
 * What somebody tries next. Numbers choose among what there is when its turn comes, so that any
 * part of a sequence is a sequence too, and a long one that fails can be cut down.
 */
export type ModelStep = Knobs & {
  /** `fitting` takes one that something's status allows, if any does. */
  command: string;
  /** Which of the fitting ones. */
  choice: number;
  fault?: { nth: number; by: number };
};

const knobs = {
  choice: fc.nat({ max: 999 }),
  at: fc.nat({ max: 11 }),
  which: fc.nat({ max: 59 }),
  terms: fc.nat({ max: 4095 }),
  hours: fc.oneof(
    { arbitrary: fc.nat({ max: 30 }), weight: 4 },
    { arbitrary: fc.nat({ max: 300 }), weight: 2 },
    { arbitrary: fc.nat({ max: 1200 }), weight: 1 },
  ),
  payable: fc.oneof(
    { arbitrary: fc.bigInt({ min: 1n, max: 3n }), weight: 1 },
    { arbitrary: fc.bigInt({ min: 1n, max: 10_000_000n }), weight: 4 },
  ),
  perMille: fc.oneof(
    { arbitrary: fc.constant(1000n), weight: 2 },
    { arbitrary: fc.bigInt({ min: 1n, max: 999n }), weight: 3 },
  ),
};
const fault = fc.record({
  nth: fc.nat({ max: 2 * Object.keys(FAULTS).length - 1 }),
  by: fc.nat({ max: 99 }),
});

/** One step in so many goes wrong on purpose. */
const oneIn = (steps: number) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: steps - 1 }, { arbitrary: fault, weight: 1 });

/** Most sequences begin where a receivable is assigned already: there is most to be done with it. */
const PROLOGUE = ["request", "quote", "accept", "assign", "notify"];

export const firstStep: fc.Arbitrary<ModelStep> = fc
  .record({
    ...{ ...knobs, hours: fc.constant(0) },
    command: fc.oneof(
      { arbitrary: fc.constantFrom("assign", "notify"), weight: 5 },
      { arbitrary: fc.constantFrom("open", ...PROLOGUE), weight: 2 },
    ),
    fault: oneIn(5),
  })
  .map(withoutNull);

/** All that the first step stands for, up to its command; a fault is in the last one. */
export function prologueOf({ fault: wrong, ...step }: ModelStep): ModelStep[] {
  const length = PROLOGUE.indexOf(step.command) + 1;
  return PROLOGUE.slice(0, length).map((command, i) => ({
    ...{ ...step, command, at: 0 },
    ...(i === length - 1 && wrong !== undefined && { fault: wrong }),
  }));
}

export const nextStep: fc.Arbitrary<ModelStep> = fc
  .record({
    ...knobs,
    command: fc.oneof(
      { arbitrary: fc.constant("fitting"), weight: 14 },
      { arbitrary: fc.constantFrom(...COMMANDS), weight: 3 },
    ),
    fault: oneIn(3),
  })
  .map(withoutNull);

function withoutNull<T extends { fault: object | null }>({ fault: wrong, ...step }: T) {
  return { ...step, ...(wrong === null ? {} : { fault: wrong }) } as Omit<T, "fault"> & {
    fault?: NonNullable<T["fault"]>;
  };
}

/** Two invoices, one of which names a due date; sometimes the other is not approved yet. */
export function openWorld({ payable, which, at, terms }: ModelStep): ModelWorld {
  const now = Date.parse("2027-12-20T09:00:00Z") + at * 3_600_000;
  const none = { paid: 0n, credited: 0n, payments: [] };
  const parties = { seller: ASSIGNOR, owner: ASSIGNOR, buyer: DEBTOR };
  const dated: ModelInvoice = {
    ...{ id: "a1".repeat(16), number: "R-1", ...parties, ...none },
    ...{ currency: "EUR", payable, status: "approved", due: dayOf(now) - 5 + (which % 40) },
  };
  const undated: ModelInvoice = {
    ...{ id: "a2".repeat(16), number: "R-2", ...parties, ...none },
    ...{ currency: pick(["EUR", "CHF"], which), payable: BigInt(1 + terms) },
    status: pick(["approved", "approved", "issued"], at),
  };
  const invoices = new Map([dated, undated].map((each) => [each.id, each]));
  const states = { offers: new Map(), receivables: new Map(), notices: new Map() };
  return { ...states, invoices, now, ids: 1 };
}

/** The draft that a step means in this world, and what of the world it uses up. */
export function draftOfStep(
  before: ModelWorld,
  step: ModelStep,
): { world: ModelWorld; draft: ReceivableDraft; fault?: FaultName } | undefined {
  const world = { ...before, now: before.now + step.hours * 3_600_000, ids: before.ids + 4 };
  const fitting = fittingSteps(world);
  const chosen = step.command === "fitting" ? pick(fitting, step.choice) : step;
  const { command, at } = chosen ?? { ...step, command: pick(COMMANDS, step.choice) };
  const draft = draftOf(world, command, { ...step, at });
  if (draft === undefined) return undefined;
  if (step.fault === undefined) return { world, draft };
  return { world, ...faulty(draft, step.fault, world) };
}

/** The fault that is chosen, or the next one that there is anything to be done to the draft by. */
function faulty(
  draft: ReceivableDraft,
  { nth, by }: NonNullable<ModelStep["fault"]>,
  world: ModelWorld,
): { draft: ReceivableDraft; fault?: FaultName } {
  for (const fault of faultsFor(draft.command, nth)) {
    const found = FAULTS[fault](draft, by, world);
    if (!isDeepStrictEqual(found, draft)) return { draft: found, fault };
  }
  return { draft };
}

/** Most receivables shall live long enough to be settled. */
const LIKELY: { readonly [command: string]: number } = {
  ...{ quote: 6, accept: 12, assign: 40, collect: 4, repurchase: 2, settle: 3 },
  ...{ "mark-overdue": 6, "call-recourse": 10, default: 6, notify: 3, acknowledge: 3 },
};

/** Each thing that may be done now, as often as it is likely. */
function fittingSteps(world: ModelWorld): { command: string; at: number }[] {
  const found: { command: string; at: number }[] = [];
  const add = (command: string, at: number, likely = LIKELY[command] ?? 1) =>
    found.push(...new Array<{ command: string; at: number }>(likely).fill({ command, at }));
  [...world.offers.values()].forEach(({ status, validUntil }, at) => {
    const isOver = validUntil !== undefined && validUntil < world.now;
    for (const command of stepsFrom("offers", status))
      if (isOver === (command === "expire")) add(command, at);
  });
  [...world.receivables.values()].forEach(({ status, invoice, due, collected, ...of }, at) => {
    const shown = world.invoices.get(invoice);
    if (shown === undefined) return;
    const isClosed = owed(shown) === 0n || shown.status === "written-off";
    const isLate = dayOf(world.now) > due;
    const isMore = shown.paid - of.paidBefore > collected;
    for (const command of stepsFrom("receivables", status)) {
      if (command === "settle") add(command, at, isClosed ? 20 : 1);
      else if (command === "collect") add(command, at, isMore ? 6 : 1);
      else if (isLate || command === "repurchase") add(command, at);
    }
  });
  [...world.notices.values()].forEach(({ status }, at) => {
    for (const command of stepsFrom("notices", status))
      if (command !== "repurchase") add(command, at);
  });
  [...world.invoices.values()].forEach((invoice, at) => {
    if (!isOpen(invoice)) return;
    const isSold = invoice.owner !== invoice.seller;
    const offers = [...world.offers.values()].filter(
      ({ status, invoice: of }) =>
        of === invoice.id && ["requested", "offered", "accepted"].includes(status),
    );
    if (!isSold && offers.length < 2) add("request", at, 3);
    add("pay", at, isSold ? 6 : 1);
    add("credit", at, isSold ? 2 : 1);
    if (isSold) add("write-off", at);
  });
  return found;
}
