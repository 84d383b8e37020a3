import { jsonSchemaOf, keyId, type SchemaData, schemaFromData } from "@stateset/codec";
import { AppError, appSigners, decodeAppFile, encodeAppFile, readApp } from "@stateset/flow";
import { type Command, InvalidArgumentError } from "commander";
import { buildApp } from "../app/build-app.ts";
import { developmentKey } from "../development/development-network.ts";
import { RequestError } from "../request-error.ts";
import { example, outputOf } from "./command-output.ts";
import { readInputFile, writeOutputFile } from "./files.ts";

export function addAppCommands(program: Command): void {
  const app = program
    .command("app")
    .description("build apps for nodes to install, and show what is in them")
    .addHelpText("after", example("app build apps/cash --out cash.app"));
  app
    .command("build <folder>")
    .description("build the app in a folder, contract and flows, into one signed file")
    .option("--out <file>", "where to write it (default: <name>-<version>.app)", nonEmpty)
    .option(
      "--sign-as <name>",
      "sign app and contract with the development key of this name",
      nonEmpty,
      "contract author",
    )
    .addHelpText("after", example("app build apps/cash --out cash.app"))
    .action(buildCommand);
  app
    .command("show <file>")
    .description("show what an app says of itself and who signed it, and run none of its code")
    .addHelpText("after", example("app show cash.app"))
    .action(showCommand);
}

async function buildCommand(
  folder: string,
  options: { out?: string; signAs: string },
  command: Command,
): Promise<void> {
  const keys = [developmentKey(options.signAs)];
  const built = await buildApp(folder, { keys }).catch(refuse);
  const { name, version, flows } = built.bundle;
  const path = options.out ?? `${name}-${version}.app`;
  const encoded = encodeAppFile(built.file);
  await writeOutputFile(path, encoded);
  await writeOutputFile(`${path}.map`, built.sourceMap);
  const answer = {
    name,
    version,
    hash: built.hash,
    file: path,
    bytes: encoded.length,
    contract: built.contract.hash,
    flows: flows.map((flow) => flow.name),
    signedAs: options.signAs,
  };
  outputOf(command).answer(answer, [
    `${name} ${version}  ${built.hash}`,
    `  contract  ${built.contract.hash}`,
    `  flows     ${answer.flows.join(", ") || "none"}`,
    `  written   ${path}, ${encoded.length} bytes, signed as "${options.signAs}" (a development key)`,
    `            ${path}.map, from the code of its flows back to the sources`,
  ]);
}

async function showCommand(path: string, _: unknown, command: Command): Promise<void> {
  const content = await readInputFile(path);
  const shown = await describeApp(content).catch(refuse);
  outputOf(command).answer(shown, [
    `${shown.name} ${shown.version}  ${shown.hash}`,
    `  ${shown.description}`,
    `  signed by  ${shown.signedBy.join(", ") || "nobody"}`,
    `  interface  ${shown.api}`,
    ...shown.contracts.map((each) => `  contract   ${each.name} ${each.version}  ${each.hash}`),
    ...shown.flows.map((flow) => `  flow       ${flow.name}: ${flow.description}`),
    ...shown.protocols.map((each) => `  protocol   ${each.name}, version ${each.version}`),
    ...shown.tables.map(
      (table) =>
        `  table      ${table.contract}/${table.type}, version ${table.version}: ` +
        table.columns.map(({ name }) => name).join(", "),
    ),
  ]);
}

async function describeApp(content: Uint8Array) {
  const file = decodeAppFile(content);
  const { hash, bundle, contracts } = readApp(file.app);
  const { api, name, version, description, flows, protocols, tables, code } = bundle;
  return {
    ...{ name, version, hash, api, description },
    signedBy: appSigners(file).map(keyId),
    contracts: contracts.map((contract) => ({
      name: contract.bundle.name,
      version: contract.bundle.version,
      hash: contract.hash,
      states: contract.bundle.states.map(({ type }) => type),
      commands: contract.bundle.commands.map((each) => each.name),
    })),
    flows: flows.map((flow) => ({
      name: flow.name,
      description: flow.description,
      input: jsonSchemaOf(schemaFromData(flow.input as SchemaData)),
    })),
    ...{ protocols, tables },
    codeBytes: code.length,
  };
}

/** What is wrong with an app, as a problem of whoever gave it. */
function refuse(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  const { code, ...facts } = error.fault;
  throw new RequestError(code, error.message.slice(code.length + 2), facts);
}

function nonEmpty(value: string): string {
  if (value !== "") return value;
  throw new InvalidArgumentError("It must not be empty.");
}
