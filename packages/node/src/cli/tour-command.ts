import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { runTour } from "../tour/tour.ts";
import { example, outputOf } from "./command-output.ts";
import { readInputFile } from "./files.ts";

const SAMPLE = fileURLToPath(
  new URL("../../../../samples/invoice-eur-standard.xml", import.meta.url),
);

export function addTourCommand(program: Command): void {
  program
    .command("tour")
    .description("see an invoice issued, approved and paid, and every trick refused")
    .option("--invoice <file>", "a UBL 2.1 invoice of yours (default: one of samples/)")
    .option("--once", "end when done, as the tour always does")
    .addHelpText("after", example("tour", "tour --invoice my-invoice.xml --json"))
    .action(async (options: { invoice?: string }, command: Command) => {
      const output = outputOf(command);
      const summary = await runTour(await readInputFile(options.invoice ?? SAMPLE), (step) =>
        output.answer(step.facts, step.lines),
      );
      output.answer({ summary }, [
        "",
        `${summary.transactions} transactions verified, ${summary.refused} tricks refused, ` +
          `${summary.gas} gas, ${summary.ms} ms.`,
        "There is no notary and no network in this tour: nothing here proves that a state is unspent.",
        "Next: npx stateset tx build --from samples/invoice-eur-standard.xml --out invoice.tx",
        "      npx stateset tx verify invoice.tx",
      ]);
    });
}
