import { CommanderError } from "commander";
import { harmless } from "./cli/output.ts";
import { createProgram } from "./cli/program.ts";
import { internalProblem, problemOf } from "./problem/problem.ts";
import { toJson } from "./to-json.ts";

const EXIT_DONE = 0;
const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

// Whoever reads only the head of the output has what it wants.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT_DONE : EXIT_REFUSED);
});
process.on("SIGINT", () => process.exit(EXIT_INTERRUPTED));
process.exitCode = await run(process.argv);

async function run(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv);
    return Number(process.exitCode ?? EXIT_DONE);
  } catch (error) {
    return report(error, argv.includes("--json"));
  }
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
  const expected = problemOf(error);
  const problem = expected ?? internalProblem(error);
  const stack = error instanceof Error ? error.stack : undefined;
  const told = expected === undefined ? (stack ?? problem.detail) : problem.detail;
  process.stderr.write(`${harmless(`${problem.code}: ${told}`)}\n`);
  if (json) process.stdout.write(`${toJson(problem)}\n`);
  return EXIT_REFUSED;
}
