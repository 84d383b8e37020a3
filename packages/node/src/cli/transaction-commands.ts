import { basename } from "node:path";
import { VmContractRunner } from "@stateset/contract-vm";
import { decodeDossier, encodeDossier, verifyDossier } from "@stateset/ledger";
import { type Command, InvalidArgumentError } from "commander";
import { issueDossier } from "../development/issue-dossier.ts";
import { decodeTrust } from "../receipt-trust.ts";
import { describeTransaction } from "../transaction-description.ts";
import { example, outputOf } from "./command-output.ts";
import { readInputFile, writeOutputFile } from "./files.ts";

export function addTransactionCommands(program: Command): void {
  const tx = program
    .command("tx")
    .description("build, show and verify transactions")
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
  tx.command("show <file>")
    .description("show what a transaction holds, every component in its form")
    .addHelpText("after", example("tx show invoice.tx"))
    .action(showCommand);
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

async function showCommand(file: string, _: unknown, command: Command): Promise<void> {
  const dossier = decodeDossier(await readInputFile(file));
  const { description, lines } = describeTransaction(dossier);
  outputOf(command).answer(description, lines);
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
