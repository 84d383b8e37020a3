import { LIFECYCLE_STEPS, type PlannedStep } from "../../src/demo/lifecycle-steps.ts";

/** One process's end at one point: the n-th passage of it since the step began, as `…/before#2`. */
export type Crash = { step: string; victim: string; point: string };

/** What happens to one lifecycle: in each of its steps one crash at most, by the step's name. */
export type Round = Map<string, Crash>;

/** Every point that was passed, in order; each is a crash that is still to happen. */
export function crashesAt(step: string, victim: string, passed: readonly string[]): Crash[] {
  const passages = new Map<string, number>();
  return passed.map((point) => {
    const passage = (passages.get(point) ?? 0) + 1;
    passages.set(point, passage);
    return { step, victim, point: `${point}#${passage}` };
  });
}

/** Deals crashes out to lifecycles, so that each happens once and there are few lifecycles. */
export function roundsOf(crashes: readonly Crash[]): Round[] {
  const rounds: Round[] = [];
  const dealt = new Map<string, number>();
  for (const crash of crashes) {
    const which = dealt.get(crash.step) ?? 0;
    dealt.set(crash.step, which + 1);
    rounds[which] ??= new Map();
    rounds[which].set(crash.step, crash);
  }
  return rounds;
}

/**
 * The same flow runs in several steps, and a point of it need be met in one of them only: each is
 * left to the step that has the fewest so far, as the longest step is as many lifecycles.
 */
export function withoutRepetitions(crashes: readonly Crash[]): Crash[] {
  const steps = new Map<string, string[]>();
  for (const { step, victim, point } of crashes) {
    const key = `${victim} ${point}`;
    steps.set(key, [...(steps.get(key) ?? []), step]);
  }
  const counts = new Map<string, number>();
  const chosen = new Set<string>();
  // Those that have no choice come first.
  for (const [key, choice] of [...steps].sort(([, a], [, b]) => a.length - b.length)) {
    const step = choice.reduce((a, b) => ((counts.get(b) ?? 0) < (counts.get(a) ?? 0) ? b : a));
    counts.set(step, (counts.get(step) ?? 0) + 1);
    chosen.add(`${step} ${key}`);
  }
  return crashes.filter(({ step, victim, point }) => chosen.has(`${step} ${victim} ${point}`));
}

export function planned(step: string): PlannedStep {
  const found = LIFECYCLE_STEPS.find(({ name }) => name === step);
  if (found === undefined) throw new Error(`a lifecycle has no step ${step}`);
  return found;
}

/** How many points each victim has in each flow's steps. */
export function countsOf(crashes: readonly Crash[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { step, victim } of crashes) {
    const key = `${victim} in ${planned(step).flow}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
