import { type Command, InvalidArgumentError } from "commander";
import { RequestError } from "../request-error.ts";
import { example, outputOf } from "./command-output.ts";
import { writeOutputFile } from "./files.ts";
import { restClientFor, type TargetOptions, withTarget } from "./node-target.ts";
import type { RestClient } from "./rest-client.ts";

/** A private component as a node tells of it. */
type Item = {
  index: number;
  form: string;
  readable: boolean;
  kind?: string;
  mediaType?: string;
  subject?: string;
  bytes?: number;
};
type DocumentOptions = TargetOptions & { kind?: string; index?: number; out?: string };

export function addDocumentCommand(tx: Command): void {
  withTarget(tx.command("document <id>"))
    .description("list a transaction's private components, or read the content of one")
    .option("--kind <kind>", "read the one of this kind, such as invoice/source")
    .option("--index <n>", "read the one at this place", place)
    .option("--out <file>", "where to write the content; - for stdout, byte by byte")
    .addHelpText(
      "after",
      example(
        `tx document ${"0f".repeat(32)}`,
        `tx document ${"0f".repeat(32)} --kind invoice/source --out invoice.xml`,
      ),
    )
    .action(documentCommand);
}

async function documentCommand(
  id: string,
  options: DocumentOptions,
  command: Command,
): Promise<void> {
  const client = restClientFor(options);
  const path = `/v1/transactions/${encodeURIComponent(id)}/private`;
  const { body } = await client.get(path);
  const { items } = body as { items: Item[] };
  const { kind, index, out } = options;
  if (kind === undefined && index === undefined && out === undefined)
    outputOf(command).answer(body, items.length === 0 ? [NONE] : items.map(lineOf));
  else await answerContent(theOne(id, items, options), { client, path, out }, command);
}

const NONE = "no private components";

function lineOf({ index, form, readable, kind, mediaType, subject, bytes }: Item): string {
  if (!readable) return `${index}  ${form}  cannot be read here`;
  const whose = subject === undefined ? "" : `  of ${subject}`;
  return `${index}  ${form}  ${kind}  ${mediaType}  ${bytes} bytes${whose}`;
}

/** @throws RequestError `tx/no-document`, `tx/several-documents` */
function theOne(id: string, items: readonly Item[], { kind, index }: DocumentOptions): Item {
  const found = items.filter(
    (item) =>
      item.readable &&
      (kind === undefined || item.kind === kind) &&
      (index === undefined || item.index === index),
  );
  const [one, ...others] = found;
  if (one === undefined)
    throw new RequestError("tx/no-document", "No such private component can be read here", {
      id,
      readable: items.flatMap((item) => item.kind ?? []),
    });
  if (others.length === 0) return one;
  const indexes = found.map((item) => item.index);
  throw new RequestError(
    "tx/several-documents",
    `There are ${found.length}: say which by --index`,
    { id, indexes },
  );
}

async function answerContent(
  item: Item,
  from: { client: RestClient; path: string; out: string | undefined },
  command: Command,
): Promise<void> {
  const content = await from.client.getBytes(`${from.path}/${item.index}`);
  const { out } = from;
  if (out === "-") {
    process.stdout.write(content);
    return;
  }
  const output = outputOf(command);
  if (out === undefined) {
    output.answer({ ...item, content: Buffer.from(content).toString("base64") }, linesOf(content));
    return;
  }
  await writeOutputFile(out, content);
  output.answer({ ...item, file: out }, [
    `${item.kind} (${item.mediaType}) written to ${out}, ${content.length} bytes`,
  ]);
}

/** As text, which what comes from strangers may not be. */
function linesOf(content: Uint8Array): string[] {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content).split(/\r?\n/);
  } catch {
    return [`${content.length} bytes that are no text: give --out`];
  }
}

function place(value: string): number {
  if (/^(0|[1-9][0-9]?)$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number from 0 to 99.");
}
