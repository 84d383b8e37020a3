import { Command } from "commander";
import { addAppCommands } from "./app-commands.ts";
import { addCleanCommand } from "./clean-command.ts";
import { example } from "./command-output.ts";
import { addContractCommands } from "./contract-commands.ts";
import { addDemoCommand } from "./demo-command.ts";
import { addFlowCommands } from "./flow-commands.ts";
import { addNetworkCommands } from "./network-commands.ts";
import { addNodeCommands } from "./node-commands.ts";
import { addReceiptCommand } from "./receipt-command.ts";
import { addTransactionCommands } from "./transaction-commands.ts";
import { addVaultCommands } from "./vault-commands.ts";

/**
 * The command line, `npx stateset …`. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130
 * interrupted.
 */
export function createProgram(): Command {
  const program = new Command("stateset")
    .description("Companies run sales and finance together, each on its own node.")
    .configureHelp({ showGlobalOptions: true })
    .option("--json", "machine output on stdout, one JSON value or JSON Lines; logs on stderr")
    .showHelpAfterError("(--help shows how, with an example)")
    .addHelpText("after", example("demo"))
    .exitOverride();
  addDemoCommand(program);
  addContractCommands(program);
  addAppCommands(program);
  addTransactionCommands(program);
  addReceiptCommand(program);
  addNetworkCommands(program);
  addNodeCommands(program);
  addFlowCommands(program);
  addVaultCommands(program);
  addCleanCommand(program);
  for (const command of everyCommand(program)) command.exitOverride();
  return program;
}

function everyCommand(command: Command): Command[] {
  return command.commands.flatMap((each) => [each, ...everyCommand(each as Command)]) as Command[];
}
