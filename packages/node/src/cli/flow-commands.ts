import { type Command, InvalidArgumentError, Option } from "commander";
import { RequestError } from "../request-error.ts";
import { toJson } from "../to-json.ts";
import { example, outputOf } from "./command-output.ts";
import { readInputFile } from "./files.ts";
import { restClientFor, type TargetOptions, withTarget } from "./node-target.ts";
import { type Flow, runFlow } from "./run-flow.ts";
import { waiting } from "./waiting.ts";

export function addFlowCommands(program: Command): void {
  const flow = program
    .command("flow")
    .description("start flows on a node, and follow and steer them")
    .addHelpText("after", example("flow list --status RUNNING,HOSPITAL"));
  withTarget(flow.command("start <name>"))
    .description("start a flow")
    .option("--input <json>", "its input: JSON, or @FILE")
    .addOption(fileOption())
    .option("--client-id <id>", "the same id gives the same flow, however often it is sent")
    .option("--wait", "wait for its end, and print it")
    .addHelpText(
      "after",
      example(
        `flow start cash/pay --party alice --wait --input '{"to":"Bob","amount":{"minorUnits":"1000","currency":"CHF"}}'`,
        `flow start invoice/issue --party alice --wait --file document=invoice.xml --input '{"cashIssuers":["Bank"]}'`,
      ),
    )
    .action(startCommand);
  withTarget(flow.command("list"))
    .description("list flows, the newest first")
    .option("--status <names>", "only of these statuses, joined by commas")
    .option("--name <flow>", "only of this flow, such as cash/pay")
    .addOption(limitOption())
    .option("--cursor <cursor>", "where the page before ended")
    .addHelpText("after", example("flow list --status RUNNING,HOSPITAL"))
    .action(listCommand);
  withTarget(flow.command("show <id>"))
    .description("show a flow")
    .addHelpText("after", example("flow show 0190b5a0-7e11-7d3c-9b1a-1f2e3d4c5b6a"))
    .action(showCommand);
  for (const [action, description] of Object.entries(STEERING))
    withTarget(flow.command(`${action} <id>`))
      .description(description)
      .addHelpText("after", example(`flow ${action} 0190b5a0-7e11-7d3c-9b1a-1f2e3d4c5b6a`))
      .action((id, options, command) => steerCommand(action, id, options, command));
}

const STEERING = {
  retry: "run a flow again that is in hospital or paused",
  pause: "hold a flow where it is",
  kill: "end a flow that has not asked the notary yet, or is held",
} as const;

async function startCommand(
  name: string,
  options: TargetOptions & {
    input?: string;
    file: FileField[];
    clientId?: string;
    wait?: boolean;
  },
  command: Command,
): Promise<void> {
  const client = restClientFor(options);
  const request = {
    flow: name,
    input: await inputWithFiles(options),
    ...(options.clientId !== undefined && { clientId: options.clientId }),
  };
  const output = outputOf(command);
  if (options.wait !== true) {
    const { body } = await client.post("/v1/flows", request);
    const { flowId, status } = body as Flow;
    output.answer(body, [`${name} ${flowId} is ${status}`]);
    return;
  }
  const ended = await waiting(`${name} runs`, runFlow(client, request));
  output.answer(ended, linesOf(ended));
  process.exitCode = ended.status === "COMPLETED" ? 0 : 1;
}

async function listCommand(
  options: TargetOptions & { status?: string; name?: string; limit: number; cursor?: string },
  command: Command,
): Promise<void> {
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.status !== undefined) query.set("status", options.status);
  if (options.name !== undefined) query.set("flow", options.name);
  if (options.cursor !== undefined) query.set("cursor", options.cursor);
  const { body } = await restClientFor(options).get(`/v1/flows?${query}`);
  const { items, nextCursor } = body as { items: Flow[]; nextCursor?: string };
  const lines = items.map(
    ({ flowId, flow, status, progress, startedAt }) =>
      `${startedAt}  ${flowId}  ${status.padEnd(9)}  ${flow}${progress && `  ${progress}`}`,
  );
  if (nextCursor !== undefined) lines.push(`more: --cursor ${nextCursor}`);
  outputOf(command).answer(body, lines.length === 0 ? ["no flows"] : lines);
}

async function showCommand(id: string, options: TargetOptions, command: Command): Promise<void> {
  const { body } = await restClientFor(options).get(`/v1/flows/${encodeURIComponent(id)}`);
  outputOf(command).answer(body, linesOf(body as Flow));
}

async function steerCommand(
  action: string,
  id: string,
  options: TargetOptions,
  command: Command,
): Promise<void> {
  const client = restClientFor(options);
  const { body } = await client.post(`/v1/flows/${encodeURIComponent(id)}/${action}`, undefined);
  outputOf(command).answer(body, linesOf(body as Flow));
}

function linesOf({ flowId, flow, status, progress, result, error, endedAt }: Flow): string[] {
  const lines = [`${flow} ${flowId} is ${status}`];
  if (progress !== "") lines.push(`  progress  ${progress}`);
  if (result !== undefined) lines.push(`  result    ${toJson(result)}`);
  if (error !== undefined) lines.push(`  error     ${error.code}: ${error.detail}`);
  if (endedAt !== undefined) lines.push(`  ended     ${endedAt}`);
  return lines;
}

type FileField = { field: string; path: string };

/** The input with the content of files in it, each as base64. */
async function inputWithFiles(options: { input?: string; file: FileField[] }): Promise<unknown> {
  const { file: files } = options;
  const input = options.input === undefined ? {} : await readInput(options.input);
  if (files.length === 0) return input;
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new RequestError("input/not-an-object", "--file sets fields: the input must have some");
  const contents = await Promise.all(
    files.map(async ({ field, path }) => [field, (await readInputFile(path)).toString("base64")]),
  );
  return { ...input, ...Object.fromEntries(contents) };
}

function fileOption(): Option {
  const seen: FileField[] = [];
  return new Option("--file <field=file>", "set a bytes field of the input to a file's content")
    .argParser((value: string) => {
      const [, field, path] = /^([A-Za-z][A-Za-z0-9]*)=(.+)$/s.exec(value) ?? [];
      if (field === undefined || path === undefined)
        throw new InvalidArgumentError("It must be FIELD=FILE, such as document=invoice.xml.");
      if (seen.some((each) => each.field === field))
        throw new InvalidArgumentError(`The field ${field} is set twice.`);
      seen.push({ field, path });
      return seen;
    })
    .default(seen, "none");
}

/** JSON, or `@FILE` with it. */
export async function readInput(input: string): Promise<unknown> {
  const isFile = input.startsWith("@");
  const text = isFile ? (await readInputFile(input.slice(1))).toString("utf8") : input;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const what = isFile ? input.slice(1) : "the input";
    throw new RequestError("input/not-json", `${what} is not JSON: ${error.message}`);
  }
}

function wholeNumber(value: string): number {
  if (/^[1-9][0-9]{0,2}$/.test(value) && Number(value) <= 500) return Number(value);
  throw new InvalidArgumentError("It must be a whole number from 1 to 500.");
}

export function limitOption(): Option {
  return new Option("--limit <n>", "how many at most").argParser(wholeNumber).default(50);
}
