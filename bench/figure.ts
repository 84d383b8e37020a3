/** One measured figure; `--json` prints it as one line. */
export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  /** Operations that the figure rests on. */
  n: number;
  cpuMsPerOp: number;
  rssMb: number;
}

/** What a benchmark's `run` calls for each figure; the runner knows the benchmark's name. */
export type Report = (figure: Omit<Figure, "bench">) => void;
