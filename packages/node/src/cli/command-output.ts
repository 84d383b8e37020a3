import type { Command } from "commander";
import { type Output, outputTo } from "./output.ts";

/** The output that a command's options ask for; `--json` may stand anywhere on the line. */
export function outputOf(command: Command): Output {
  return outputTo(command.optsWithGlobals<{ json?: boolean }>().json === true);
}

/** The last lines of a command's help. */
export function example(...lines: string[]): string {
  return `\nExample:\n${lines.map((line) => `  $ npx stateset ${line}`).join("\n")}`;
}
