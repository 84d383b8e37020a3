import { basename } from "node:path";
import { VmContractRunner } from "@stateset/contract-vm";
import { decodeDossier, encodeDossier, loadBundleFile, verifyDossier } from "@stateset/ledger";
import { type Command, InvalidArgumentError } from "commander";
import { issueDossier } from "../development/issue-dossier.ts";
import { decodeTrust } from "../receipt-trust.ts";
import {
  type Description,
  describeTransaction,
  descriptionLines,
} from "../transaction-description.ts";
import { example, outputOf } from "./command-output.ts";
import { addDocumentCommand } from "./document-command.ts";
import { readInputFile, writeOutputFile } from "./files.ts";
import { restClientFor, type TargetOptions, withTarget } from "./node-target.ts";

const TRANSACTION_ID = /^[0-9a-f]{64}$/;

type Notarised = { notarisedAt: string; receipt: { block: { height: number } } };
type Graph = {
  transactions: { id: string; commands?: string[]; notarisedAt?: string }[];
  edges: { from: string; to: string; index: number; kind: string }[];
  isTruncated: boolean;
};

export function addTransactionCommands(program: Command): void {
  const tx = program
    .command("tx")
    .description("build, show and verify transactions, and read their documents")
    .addHelpText("after", example("tx verify invoice.tx"));
  tx.command("build")
    .description("make the issue transaction of a UBL invoice or credit note, signed")
    .requiredOption("--from <file>", "the UBL 2.1 document")
    .option("--out <file>", "where to write it (default: the document's name with .tx)")
    .option("--ordinal <n>", "above 0 for a genuine twin of another document", ordinal, 0)
    .addHelpText(
      "after",
      example("tx build --from samples/invoice-eur-standard.xml --out invoice.tx"),
    )
    .action(buildCommand);
  withTarget(tx.command("show <id-or-file>"))
    .description("show what a transaction holds, in a file or at a node")
    .addHelpText("after", example("tx show invoice.tx", `tx show ${"0f".repeat(32)}`))
    .action(showCommand);
  withTarget(tx.command("graph <id>"))
    .description("show what led to a transaction and what became of it, as a node holds it")
    .option("--limit <n>", "how many transactions at most", graphLimit)
    .addHelpText("after", example(`tx graph ${"0f".repeat(32)}`))
    .action(graphCommand);
  addDocumentCommand(tx);
  tx.command("verify <file>")
    .description("check a transaction offline: signatures, contracts, receipts")
    .option("--trust <file>", "the notary's members, for checking receipts")
    .addHelpText("after", example("tx verify invoice.tx"))
    .action(verifyCommand);
}

async function buildCommand(
  options: { from: string; out?: string; ordinal: number },
  command: Command,
): Promise<void> {
  const xml = await readInputFile(options.from);
  const { dossier, id, ubl, signedBy } = await issueDossier(xml, options.ordinal);
  const file = options.out ?? basename(options.from).replace(/(\.xml)?$/, ".tx");
  const encoded = encodeDossier(dossier);
  await writeOutputFile(file, encoded);
  const { kind, number, currency, totals } = ubl;
  const payable = { minorUnits: totals.payable, currency };
  outputOf(command).answer({ id, file, bytes: encoded.length, kind, number, payable, signedBy }, [
    `${kind} ${number} became transaction ${id}`,
    `  signed by  ${signedBy.join("; ")} (development keys)`,
    `  written    ${file}, ${encoded.length} bytes`,
  ]);
}

async function showCommand(file: string, options: TargetOptions, command: Command): Promise<void> {
  if (TRANSACTION_ID.test(file)) {
    const { body } = await restClientFor(options).get(`/v1/transactions/${file}`);
    const { notarisedAt, receipt, ...description } = body as Description & Notarised;
    outputOf(command).answer(body, [
      ...descriptionLines(description),
      "",
      `notarised ${notarisedAt} in block ${receipt.block.height}`,
    ]);
    return;
  }
  const dossier = decodeDossier(await readInputFile(file));
  const bundles = dossier.bundles.map(loadBundleFile);
  const { description, lines } = describeTransaction(dossier.transaction, bundles);
  outputOf(command).answer(description, lines);
}

async function graphCommand(
  id: string,
  options: TargetOptions & { limit?: string },
  command: Command,
): Promise<void> {
  const query = options.limit === undefined ? "" : `?limit=${options.limit}`;
  const path = `/v1/transactions/${encodeURIComponent(id)}/graph${query}`;
  const { body } = await restClientFor(options).get(path);
  const { transactions, edges, isTruncated } = body as Graph;
  const lines = transactions.map(({ id: each, commands, notarisedAt }) => {
    const told =
      commands === undefined ? "not held here" : `${notarisedAt}  ${commands.join(", ")}`;
    return `${each}  ${told}`;
  });
  lines.push(...edges.map(({ from, to, index, kind }) => `  ${from}:${index} -> ${to}  ${kind}`));
  if (isTruncated) lines.push("there is more: give a larger --limit");
  outputOf(command).answer(body, lines);
}

async function verifyCommand(
  file: string,
  options: { trust?: string },
  command: Command,
): Promise<void> {
  const output = outputOf(command);
  const dossier = decodeDossier(await readInputFile(file));
  const trust =
    options.trust === undefined ? undefined : decodeTrust(await readInputFile(options.trust));
  const verified = await verifyDossier(dossier, {
    contracts: new VmContractRunner(),
    ...(trust === undefined ? {} : { trust }),
  });
  const { transaction, history, notarised, gas, signed } = verified;
  const { network } = transaction.contents.meta;
  const isNotarised = notarised.has(transaction.id);
  output.answer(
    {
      id: transaction.id,
      valid: true,
      network,
      notarised: isNotarised,
      signatures: signed.signatures.length,
      commands: transaction.contents.commands.map(({ contract, name }) => `${contract}/${name}`),
      history: history.map(({ id }) => id),
      gas: Number(gas),
    },
    [
      `${transaction.id} is valid`,
      `  commands    ${transaction.contents.commands.map((c) => `${c.contract}/${c.name}`).join(", ")}`,
      `  signatures  ${signed.signatures.length}, all valid and sufficient`,
      `  history     ${history.length === 0 ? "none" : `${history.length} transactions, all valid`}`,
      `  contracts   ${gas} gas`,
      `  network     ${network}, as the file describes it`,
      `  notarised   ${isNotarised ? "yes, by receipt" : `not shown: ${whyNot(dossier.receipts.length, trust)}`}`,
    ],
  );
}

function whyNot(receipts: number, trust: unknown): string {
  if (receipts === 0) return "the file holds no receipt";
  return trust === undefined ? "--trust names nobody to believe" : "no receipt is for it";
}

function ordinal(value: string): number {
  if (!/^[0-9]{1,4}$/.test(value)) throw new InvalidArgumentError("It must be 0 to 9999.");
  return Number(value);
}

function graphLimit(value: string): string {
  if (/^([1-9][0-9]{0,2}|1000)$/.test(value)) return value;
  throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
}
