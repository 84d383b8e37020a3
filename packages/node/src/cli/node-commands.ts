import type { Command } from "commander";
import { createLog } from "../log/create-log.ts";
import { example, outputOf } from "./command-output.ts";

export function addNodeCommands(program: Command): void {
  const node = program
    .command("node")
    .description("run one node")
    .addHelpText("after", example("node start --config node.json"));
  node
    .command("start")
    .description("run a node in the foreground until it is told to stop")
    .requiredOption("--config <file>", "its configuration, JSON")
    .addHelpText("after", example("node start --config node.json"))
    .action(startCommand);
}

async function startCommand(options: { config: string }, command: Command): Promise<void> {
  // Most commands need nothing of a node: only this one loads it.
  const [{ readConfig }, { startNode }, { runUntilStopped }] = await Promise.all([
    import("../config/read-config.ts"),
    import("../runtime/start-node.ts"),
    import("../runtime/run-until-stopped.ts"),
  ]);
  const loaded = readConfig(options.config, process.env);
  const { name, log: { level = "info" } = {} } = loaded.config;
  const log = createLog({
    name,
    level,
    pretty: process.stderr.isTTY,
    write: (line) => process.stderr.write(line),
  });
  const node = await startNode(loaded, { log, environment: process.env });
  const { rest, p2p, description } = node;
  const { identity, legalName } = description;
  outputOf(command).answer({ ready: true, name, identity, legalName, rest, p2p }, [
    `${legalName} is ready at ${rest}`,
  ]);
  process.exitCode = await runUntilStopped(node, log);
  // Whatever still holds the process, such as a connection that does not close, may not.
  process.exit();
}
