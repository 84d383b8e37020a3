import { type Command, InvalidArgumentError } from "commander";
import type { LocalNetwork } from "../local/local-network.ts";
import type { WantedNotary } from "../local/local-notary.ts";
import type { NetworkStatus } from "../local/network-status.ts";
import type { RunningNetwork } from "../local/running-network.ts";
import { createLog } from "../log/create-log.ts";
import { StopSignals } from "../runtime/stop-signals.ts";
import { example, outputOf } from "./command-output.ts";
import { STATE_FOLDER } from "./node-target.ts";
import { notaryOption } from "./notary-option.ts";
import { longWork, waiting } from "./waiting.ts";

export const EXIT_INTERRUPTED = 130;
/** A bank among them by what it does: it issues the cash. */
const PARTIES = "alice,bob,bank";
export const STOP_AT_ONCE_MS = 1000;
/** Two for each node. */
const BASE_PORT_MAX = 65_000;

export function addNetworkCommands(program: Command): void {
  const network = program
    .command("network")
    .description("run a local network: a node for each party, and a notary")
    .addHelpText("after", example("network up --parties alice,bob,bank"));
  withFolder(network.command("up"))
    .description("start a local network in the foreground, making it at the first time")
    .option("--parties <names>", `its parties, joined by commas (default: ${PARTIES})`)
    .option("--base-port <port>", "the first of its ports (default: free ones)", basePort)
    .addOption(notaryOption())
    .addHelpText("after", example("network up", "network up --parties alice,bob,bank --json"))
    .action(upCommand);
  withFolder(network.command("status"))
    .description("show which nodes run, and whether they are ready")
    .addHelpText("after", example("network status"))
    .action(statusCommand);
  withFolder(network.command("down"))
    .description("end the network that runs on a folder; its data stay")
    .addHelpText("after", example("network down"))
    .action(downCommand);
  withFolder(network.command("restart"))
    .description("end one node of the network and start it again")
    .requiredOption("--party <name>", "the party, notary, or a member of it as notary-0")
    .addHelpText("after", example("network restart --party alice"))
    .action(restartCommand);
}

function withFolder(command: Command): Command {
  return command.option("--dir <folder>", "the network's folder", STATE_FOLDER);
}

async function upCommand(
  options: { dir: string; parties?: string; basePort?: number; notary?: WantedNotary },
  command: Command,
): Promise<void> {
  const [{ LocalNetwork }, { partiesIn }, { NetworkFolder }, { parseParties }, { told }] =
    await Promise.all([
      import("../local/local-network.ts"),
      import("../local/network-marker.ts"),
      import("../local/network-folder.ts"),
      import("../local/legal-name.ts"),
      import("../local/child.ts"),
    ]);
  const output = outputOf(command);
  const isNew = partiesIn(new NetworkFolder(options.dir)).length === 0;
  const parties = options.parties ?? (isNew ? PARTIES : undefined);
  const startedAt = performance.now();
  let doing = "the network starts";
  const starting = LocalNetwork.start({
    folder: options.dir,
    parties: parties === undefined ? [] : parseParties(parties),
    log: createLog({
      name: "network",
      level: "warn",
      pretty: process.stderr.isTTY,
      write: (line) => process.stderr.write(line),
    }),
    onDeath: (name, exit) =>
      output.note(
        `${name} ended with ${told(exit)}; start it again with: ` +
          `stateset network restart --party ${name} --dir ${options.dir}`,
      ),
    onProgress: longWork(output, (text) => {
      doing = text;
    }),
    ...(options.notary !== undefined && { notary: options.notary }),
    ...(options.basePort !== undefined && { basePort: options.basePort }),
  });
  const interrupted = interruption(starting);
  const network = await waiting(() => doing, starting);
  const ms = Math.round(performance.now() - startedAt);
  output.answer(network.running, [
    `the network is ready, after ${(ms / 1000).toFixed(1)} s`,
    ...networkLines(network.running),
  ]);
  const signal = await Promise.race([interrupted, network.ended]);
  await network.stop();
  output.note("the network has ended; its data stay");
  process.exitCode = signal === "SIGINT" ? EXIT_INTERRUPTED : 0;
  // Who asked for the end from another terminal is still to be answered; nothing else may hold us.
  setTimeout(() => process.exit(), STOP_AT_ONCE_MS).unref();
}

/** The first Ctrl-C stops the network in order, the second one at once. */
function interruption(starting: Promise<LocalNetwork>): Promise<NodeJS.Signals> {
  const signals = new StopSignals();
  signals.onSecond(() => {
    void starting.then((network) => network.stop({ isUrgent: true })).catch(() => {});
    // Nodes and database server end with this process, however far it has come.
    setTimeout(() => process.exit(EXIT_INTERRUPTED), STOP_AT_ONCE_MS);
  });
  return signals.first;
}

async function statusCommand(options: { dir: string }, command: Command): Promise<void> {
  const status = (await ask(options.dir, { command: "status" })) as NetworkStatus;
  outputOf(command).answer(status, statusLines(status));
}

async function downCommand(options: { dir: string }, command: Command): Promise<void> {
  const answer = await waiting("the network ends", ask(options.dir, { command: "down" }));
  outputOf(command).answer(answer, ["the network has ended; its data stay"]);
}

async function restartCommand(
  options: { dir: string; party: string },
  command: Command,
): Promise<void> {
  const asked = ask(options.dir, { command: "restart", party: options.party });
  const status = (await waiting(`${options.party} starts again`, asked)) as NetworkStatus;
  outputOf(command).answer(status, statusLines(status));
}

async function ask(
  dir: string,
  request: { command: "down" | "restart" | "status"; party?: string },
): Promise<unknown> {
  const [{ askControl }, { NetworkFolder }] = await Promise.all([
    import("../local/control-channel.ts"),
    import("../local/network-folder.ts"),
  ]);
  return await askControl(new NetworkFolder(dir).root, request);
}

/** Where the nodes are, and the tokens for them. */
export function networkLines({ parties, notary }: RunningNetwork): string[] {
  const members = notary.members.map((member) => ({ ...member, name: memberName(notary, member) }));
  const width = Math.max(...[...parties, ...members].map(({ name }) => name.length));
  return [
    ...parties.map(({ name, legalName, rest }) => `  ${name.padEnd(width)}  ${rest}  ${legalName}`),
    ...members.map(
      ({ name, rest, rpc }) =>
        `  ${name.padEnd(width)}  ${rest}${rpc === undefined ? "" : `  chain ${rpc}`}`,
    ),
    "tokens, good for anything at their nodes until the network ends:",
    ...[...parties, ...members].map(({ name, token }) => `  ${name.padEnd(width)}  ${token}`),
    "Ctrl-C ends it; commands in other terminals find it by themselves",
  ];
}

/** A cluster's members are called after it. */
function memberName(
  { kind, name }: RunningNetwork["notary"],
  { index }: { index: number },
): string {
  return kind === "embedded" ? name : `${name}-${index}`;
}

function statusLines({ pid, nodes, validators = [] }: NetworkStatus): string[] {
  const all = [
    ...nodes.map((node) => ({ ...node, at: node.rest })),
    ...validators.map((validator) => ({ ...validator, at: `${validator.rpc}  chain` })),
  ];
  return [
    `the network runs as process ${pid}`,
    ...all.map(({ name, at, pid: own, running, ready }) => {
      const state = running ? (ready ? "ready" : "not ready") : "ended";
      return `  ${name}  ${state}  ${at}  process ${own}`;
    }),
  ];
}

export function basePort(value: string): number {
  const port = Number(value);
  if (/^[0-9]{1,5}$/.test(value) && port > 0 && port <= BASE_PORT_MAX) return port;
  throw new InvalidArgumentError(`It must be a port from 1 to ${BASE_PORT_MAX}.`);
}
