import type { Figure } from "./figure.ts";

const ROUNDS = 5;
const WARM_UP_SHARE = 0.2;
const SECONDS = 0.5;

export interface Measurement {
  name: string;
  run: () => unknown;
  /** Length of a round: a number of runs, or else a time (half a second). */
  iterations?: number;
  seconds?: number;
  /** Operations that one call of `run` does, for batches. */
  operationsPerRun?: number;
  rounds?: number;
  /** "best" says what the code can do on a busy machine; "median" what it usually does. */
  pick?: "best" | "median";
}

interface Round {
  operations: number;
  wallMs: number;
  cpuMs: number;
}

/** Operations per second, after a warm-up. A promise that `run` returns is awaited. */
export async function measure(measurement: Measurement): Promise<Omit<Figure, "bench">> {
  await measureRound(measurement, WARM_UP_SHARE);
  const rounds: Round[] = [];
  for (let i = 0; i < (measurement.rounds ?? ROUNDS); i++) {
    rounds.push(await measureRound(measurement, 1));
  }
  const chosen = pickRound(rounds, measurement.pick ?? "median");
  return {
    figure: measurement.name,
    value: (chosen.operations * 1000) / chosen.wallMs,
    unit: "op/s",
    n: rounds.reduce((sum, { operations }) => sum + operations, 0),
    cpuMsPerOp: chosen.cpuMs / chosen.operations,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  };
}

async function measureRound(measurement: Measurement, share: number): Promise<Round> {
  const { run, iterations, seconds = SECONDS, operationsPerRun = 1 } = measurement;
  const runsMax = iterations === undefined ? Infinity : Math.max(1, iterations * share);
  const wallMsMax = iterations === undefined ? seconds * 1000 * share : Infinity;
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  let runs = 0;
  let wallMs = 0;
  while (runs < runsMax && wallMs < wallMsMax) {
    const result = run();
    // Awaiting what is no promise would cost a turn of the event loop each time.
    if (result instanceof Promise) await result;
    runs++;
    wallMs = performance.now() - start;
  }
  const cpu = process.cpuUsage(cpuBefore);
  return { operations: runs * operationsPerRun, wallMs, cpuMs: (cpu.user + cpu.system) / 1000 };
}

function pickRound(rounds: Round[], pick: "best" | "median"): Round {
  const fastestFirst = rounds.toSorted((a, b) => a.wallMs / a.operations - b.wallMs / b.operations);
  const chosen = fastestFirst[pick === "best" ? 0 : Math.floor(fastestFirst.length / 2)];
  if (chosen === undefined) throw new Error("a measurement needs at least one round");
  return chosen;
}
