import { LIFECYCLE_STEPS, type PlannedStep } from "../../src/demo/lifecycle-steps.ts";

/** One process's end at one point: the n-th passage of it since the step began, as `…/before#2`. */
export type Crash = { step: string; victim: string; point: string };

/** What happens in which of the lifecycles that follow each other. */
export type PlannedCrash = Crash & { round: number };

/** Every point that was passed, in order; each is a crash that is still to happen. */
export function crashesAt(step: string, victim: string, passed: readonly string[]): Crash[] {
  const passages = new Map<string, number>();
  return passed.map((point) => {
    const passage = (passages.get(point) ?? 0) + 1;
    passages.set(point, passage);
    return { step, victim, point: `${point}#${passage}` };
  });
}

export function titleOf({ step, victim, point }: Crash): string {
  return `${step}: ${victim} killed at ${point}`;
}

/** Deals crashes out to lifecycles, at most one to a step of each, so that there are few of them. */
export function roundsOf(crashes: readonly Crash[]): PlannedCrash[][] {
  const rounds: PlannedCrash[][] = [];
  const dealt = new Map<string, number>();
  // In each lifecycle they come in the order of its steps.
  for (const { name } of LIFECYCLE_STEPS)
    for (const crash of crashes.filter(({ step }) => step === name)) {
      const round = dealt.get(name) ?? 0;
      dealt.set(name, round + 1);
      rounds[round] ??= [];
      rounds[round].push({ ...crash, round });
    }
  return rounds;
}

/**
 * The same flow runs in several steps, and a point of it need be met in one of them only: each is
 * left to the step that has the fewest so far, as the longest step is as many lifecycles.
 */
export function withoutRepetitions(crashes: readonly Crash[]): Crash[] {
  const steps = new Map<string, string[]>();
  for (const crash of crashes)
    steps.set(placeOf(crash), [...(steps.get(placeOf(crash)) ?? []), crash.step]);
  const counts = new Map<string, number>();
  const chosen = new Map<string, string>();
  // Those that have no choice come first.
  for (const [place, choice] of [...steps].sort(([, a], [, b]) => a.length - b.length)) {
    const step = choice.reduce((a, b) => ((counts.get(b) ?? 0) < (counts.get(a) ?? 0) ? b : a));
    counts.set(step, (counts.get(step) ?? 0) + 1);
    chosen.set(place, step);
  }
  return crashes.filter((crash) => chosen.get(placeOf(crash)) === crash.step);
}

/** A notary's points are called the same whatever is notarised. */
function placeOf({ step, victim, point }: Crash): string {
  return victim === "notary" ? `${victim} ${planned(step).flow} ${point}` : `${victim} ${point}`;
}

/**
 * The next crash of the process that one has ended, where it can be armed with it as it starts
 * again: not where it passes points of the same flow before that step begins.
 */
export function armedNext(
  order: readonly PlannedCrash[],
  last: PlannedCrash,
  points: readonly Crash[],
): PlannedCrash | undefined {
  const { victim } = last;
  const next = order.slice(order.indexOf(last) + 1).find((each) => each.victim === victim);
  if (next === undefined) return undefined;
  const between = stepsBetween(last, next);
  const isMet = points.some(
    (each) =>
      each.victim === victim && between.has(each.step) && flowOf(each.point) === flowOf(next.point),
  );
  return isMet ? undefined : next;
}

/** The steps from one on, up to another that comes later and is not among them. */
function stepsBetween(from: PlannedCrash, to: PlannedCrash): Set<string> {
  const names = LIFECYCLE_STEPS.map(({ name }) => name as string);
  const [first, end] = [names.indexOf(from.step), names.indexOf(to.step)];
  if (to.round === from.round) return new Set(names.slice(first, end));
  if (to.round > from.round + 1) return new Set(names);
  return new Set([...names.slice(first), ...names.slice(0, end)]);
}

/** As `receivable/assign~responder` of `receivable/assign~responder/sign/before#1`. */
function flowOf(point: string): string {
  return point.split("/", 2).join("/");
}

export function planned(step: string): PlannedStep {
  const found = LIFECYCLE_STEPS.find(({ name }) => name === step);
  if (found === undefined) throw new Error(`a lifecycle has no step ${step}`);
  return found;
}

/** How many points each victim has in the steps of each flow. */
export function countsOf(crashes: readonly Crash[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { step, victim } of crashes) {
    const key = `${victim} in ${planned(step).flow}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
