import type { Command } from "commander";
import { example, outputOf } from "./command-output.ts";
import { limitOption, readInput } from "./flow-commands.ts";
import { restClientFor, type TargetOptions, withTarget } from "./node-target.ts";

type State = { ref: { txId: string; index: number }; status: string; state: unknown };

export function addVaultCommands(program: Command): void {
  const vault = program
    .command("vault")
    .description("see what a node holds")
    .addHelpText("after", example("vault query --state cash/cash"));
  withTarget(vault.command("query"))
    .description("query the states of one type")
    .requiredOption("--state <type>", "<contract>/<state type>, such as cash/cash")
    .option("--where <json>", "conditions on columns in Hasura's manner: JSON, or @FILE")
    .option("--status <status>", "unconsumed, consumed or all", "unconsumed")
    .option("--ours", "only what the node may spend")
    .addOption(limitOption())
    .option("--cursor <cursor>", "where the page before ended")
    .addHelpText(
      "after",
      example(`vault query --party bob --state cash/cash --where '{"currency":{"_eq":"CHF"}}'`),
    )
    .action(queryCommand);
}

async function queryCommand(
  options: TargetOptions & {
    state: string;
    where?: string;
    status: string;
    ours?: boolean;
    limit: number;
    cursor?: string;
  },
  command: Command,
): Promise<void> {
  const { state, status, limit, cursor } = options;
  const { body } = await restClientFor(options).post("/v1/vault/query", {
    state,
    status,
    limit,
    ...(options.where !== undefined && { where: await readInput(options.where) }),
    ...(options.ours === true && { isOurs: true }),
    ...(cursor !== undefined && { cursor }),
  });
  const { items, nextCursor } = body as { items: State[]; nextCursor?: string };
  const lines = items.map(
    ({ ref, status: is, state: held }) =>
      `${ref.txId}:${ref.index}  ${is}  ${shortFields(held).join("  ")}`,
  );
  if (nextCursor !== undefined) lines.push(`more: --cursor ${nextCursor}`);
  outputOf(command).answer(body, lines.length === 0 ? ["no states"] : lines);
}

/** Longer ones are keys and hashes, which say nothing to people; `--json` has them. */
const SHOWN_LENGTH_MAX = 48;

/** The fields of a state that people can read, those within others by dotted names. */
function shortFields(value: unknown, name = ""): string[] {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([field, inner]) =>
      shortFields(inner, name === "" ? field : `${name}.${field}`),
    );
  const text = String(value);
  return text.length > SHOWN_LENGTH_MAX || name.endsWith(".kind") ? [] : [`${name}=${text}`];
}
