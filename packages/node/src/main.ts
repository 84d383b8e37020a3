import { CommanderError } from "commander";
import { toJson } from "./cli/output.ts";
import { problemOf, UsageError } from "./cli/problem.ts";
import { createProgram } from "./cli/program.ts";

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
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n`);
    return EXIT_USAGE;
  }
  const problem = problemOf(error);
  if (problem === undefined) {
    process.stderr.write(`unexpected: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT_REFUSED;
  }
  process.stderr.write(`${problem.code}: ${problem.detail}\n`);
  if (json) process.stdout.write(`${toJson(problem)}\n`);
  return EXIT_REFUSED;
}
