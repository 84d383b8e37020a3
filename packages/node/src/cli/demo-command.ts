import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { DemoInvoice } from "../demo/demo-invoice.ts";
import type { DemoNetwork } from "../demo/demo-network.ts";
import type { LifecycleStep } from "../demo/lifecycle.ts";
import type { WantedNotary } from "../local/local-notary.ts";
import { createLog } from "../log/create-log.ts";
import { RequestError } from "../request-error.ts";
import { StopSignals } from "../runtime/stop-signals.ts";
import { example, outputOf } from "./command-output.ts";
import { readInputFile } from "./files.ts";
import { basePort, EXIT_INTERRUPTED, networkLines, STOP_AT_ONCE_MS } from "./network-commands.ts";
import { notaryOption } from "./notary-option.ts";
import type { Output } from "./output.ts";
import { ProgressLine } from "./progress-line.ts";
import { tellDrills } from "./tell-drills.ts";
import { longWork } from "./waiting.ts";

const SAMPLE = fileURLToPath(new URL("../../../../samples/invoice-chf-terms.xml", import.meta.url));

type DemoOptions = {
  invoice: string;
  once?: boolean;
  drills?: boolean;
  dir?: string;
  basePort?: number;
  notary?: WantedNotary;
};

export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("see buyer, seller and lender finance an invoice, each on a node of its own")
    .option("--invoice <file>", "a UBL 2.1 invoice of yours (default: one of samples/)", SAMPLE)
    .option("--once", "end when done, and do not stay up")
    .option("--drills", "try afterwards what must not succeed, on the same network")
    .option("--dir <folder>", "the network's folder, which stays (default: a fresh one)")
    .option("--base-port <port>", "the first of its ports (default: free ones)", basePort)
    .addOption(notaryOption())
    .addHelpText("after", example("demo", "demo --once --invoice my-invoice.xml --json"))
    .action(demoCommand);
}

async function demoCommand(options: DemoOptions, command: Command): Promise<void> {
  const output = outputOf(command);
  const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
  const progress = new ProgressLine();
  const [{ readDemoInvoice }, { startDemoNetwork }] = await Promise.all([
    import("../demo/demo-invoice.ts"),
    import("../demo/demo-network.ts"),
  ]);
  const xml = new Uint8Array(await readInputFile(options.invoice));
  progress.show("the contract judges the invoice");
  const invoice = await readDemoInvoice(xml).finally(() => progress.clear());
  const startedAt = performance.now();
  progress.show("the nodes, a notary and their databases start");
  const starting = startDemoNetwork({
    names: invoice.names,
    hasRival: options.drills === true,
    log: createLog({
      name: "network",
      level: "warn",
      pretty: process.stderr.isTTY,
      write: (line) => process.stderr.write(line),
    }),
    onDeath: (name) => output.note(`${name} ended`),
    onProgress: longWork(output, (text) => progress.show(text)),
    ...(options.dir !== undefined && { dir: options.dir }),
    ...(options.notary !== undefined && { notary: options.notary }),
    ...(options.basePort !== undefined && { basePort: options.basePort }),
  });
  const interrupted = interruption(starting);
  const demo = await starting.finally(() => progress.clear());
  try {
    const told = tell(invoice, demo, {
      options: { ...options, json },
      ...{ output, progress, startedAt },
    });
    // Whatever still is under way fails when the nodes go, and is of no interest then.
    told.catch(() => {});
    const signal = await Promise.race([interrupted, told]);
    const last = signal ?? (options.once ? undefined : await stayUp(demo, interrupted, output));
    if (last === "SIGINT") process.exitCode = EXIT_INTERRUPTED;
  } finally {
    progress.clear();
    await demo.end();
  }
  // Who asked for the end from another terminal is still to be answered; nothing else may hold us.
  setTimeout(() => process.exit(), STOP_AT_ONCE_MS).unref();
}

type Telling = {
  options: DemoOptions & { json: boolean };
  output: Output;
  progress: ProgressLine;
  startedAt: number;
};

/** Runs the lifecycle and tells of it. @throws RequestError `demo/not-reconciled` */
async function tell(
  invoice: DemoInvoice,
  { network, dir }: DemoNetwork,
  { options, output, progress, startedAt }: Telling,
): Promise<undefined> {
  const [{ runDemo }, story, { nextLines, summaryLines }] = await Promise.all([
    import("../demo/demo.ts"),
    import("../demo/story.ts"),
    import("../demo/summary.ts"),
  ]);
  const { running } = network;
  if (!options.json) output.answer(undefined, story.openingLines(invoice.ubl, running));
  const { steps, reconciliation, summary } = await runDemo(running, invoice, {
    onBegin: ({ step, of, party, flow }) => progress.show(`${step} of ${of}: ${party}, ${flow}`),
    onStep(done) {
      progress.clear();
      output.answer(lineOf(done), [story.stepLine(done)]);
    },
    onReconcile: () => progress.show("the vaults are compared"),
  });
  progress.clear();
  const whole = { ...summary, ms: Math.round(performance.now() - startedAt) };
  output.answer({ summary: whole }, summaryLines(whole, reconciliation, running));
  const { differences } = reconciliation;
  if (differences.length > 0)
    throw new RequestError(
      "demo/not-reconciled",
      `The parties' vaults differ: ${differences.join("; ")}`,
      { differences },
    );
  if (options.drills)
    await tellDrills(invoice, { network, dir }, { output, progress, isJson: options.json });
  if (options.once) return;
  const last = steps.at(-1)?.txId ?? "";
  output.answer(running, ["", ...networkLines(running), ...nextLines(dir, last)]);
}

function lineOf({ step, party, flow, txId, ms }: LifecycleStep): object {
  return { step, party, flow, txId, ms };
}

async function stayUp(
  { network, dir }: DemoNetwork,
  interrupted: Promise<NodeJS.Signals>,
  output: Output,
): Promise<NodeJS.Signals | undefined> {
  const signal = await Promise.race([interrupted, network.ended.then(() => undefined)]);
  output.note(`the network in ${dir} ends`);
  return signal;
}

/** The first Ctrl-C stops the demo in order, the second one at once. */
function interruption(starting: Promise<DemoNetwork>): Promise<NodeJS.Signals> {
  const signals = new StopSignals();
  signals.onSecond(() => {
    void starting.then(({ network }) => network.stop({ isUrgent: true })).catch(() => {});
    setTimeout(() => process.exit(EXIT_INTERRUPTED), STOP_AT_ONCE_MS);
  });
  return signals.first;
}
