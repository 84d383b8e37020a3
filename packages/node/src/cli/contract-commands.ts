import { readFile, writeFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import {
  buildContract,
  DEFAULT_LIMITS,
  type GuestData,
  loadProgram,
  runScript,
  type SourcePosition,
  type VmLimits,
  type VmOutcome,
} from "@stateset/contract-vm";
import { decodeBundleFile, encodeBundleFile, LedgerError, signBundle } from "@stateset/ledger";
import { type Command, InvalidArgumentError } from "commander";
import { developmentKey } from "../development/development-network.ts";
import { example, outputOf } from "./command-output.ts";
import { RequestError } from "./problem.ts";

export function addContractCommands(program: Command): void {
  const contract = program.command("contract").description("build contracts, and run them alone");
  contract
    .command("build <folder>")
    .description("build the contract in a folder into a bundle: same sources, same hash")
    .option("--out <file>", "where to write it (default: <name>-<version>.bundle)")
    .option("--sign-as <name>", "sign with the development key of this name", "contract author")
    .addHelpText("after", example("contract build apps/cash --out cash.bundle"))
    .action(buildCommand);
  contract
    .command("run <bundle>")
    .description("run a bundle's contract, or a plain script, in the contract VM")
    .option("--input <file>", "JSON to hand to it")
    .option("--gas <n>", "how much it may use", wholeNumber, DEFAULT_LIMITS.gas)
    .option("--memory <bytes>", "how much it may hold", wholeNumber)
    .addHelpText("after", example("contract run samples/contract-script.js --gas 1000000"))
    .action(runCommand);
}

async function buildCommand(
  folder: string,
  options: { out?: string; signAs: string },
  command: Command,
): Promise<void> {
  const { bundle, bytes, hash, sourceMap } = await buildContract(folder);
  const { name, version } = bundle;
  const file = options.out ?? `${name}-${version}.bundle`;
  await writeFile(file, encodeBundleFile(signBundle(bytes, developmentKey(options.signAs))));
  await writeFile(`${file}.map`, sourceMap);
  const states = bundle.states.map(({ type }) => type);
  const commands = bundle.commands.map((each) => each.name);
  const answer = { name, version, hash, file, bytes: bytes.length, states, commands };
  outputOf(command).answer({ ...answer, signedAs: options.signAs }, [
    `${name} ${version}  ${hash}`,
    `  states    ${states.join(", ")}`,
    `  commands  ${commands.join(", ")}`,
    `  written   ${file}, ${bytes.length} bytes, signed as "${options.signAs}" (a development key)`,
  ]);
}

async function runCommand(
  path: string,
  options: { input?: string; gas: bigint; memory?: bigint },
  command: Command,
): Promise<void> {
  const output = outputOf(command);
  const limits: VmLimits = {
    ...DEFAULT_LIMITS,
    gas: options.gas,
    ...(options.memory === undefined ? {} : { memoryBytes: Number(options.memory) }),
  };
  const content = await readFile(path);
  const input = options.input === undefined ? undefined : await readInput(options.input);
  const outcome = runContent(content, input, limits);
  const gas = Number(outcome.gas);
  if (outcome.ok) {
    const result = parsed(outcome.result);
    output.answer({ ok: true, result, gas }, [`${outcome.result}`, `gas ${gas}`]);
    return;
  }
  const { code, detail, position } = outcome.error;
  const source = position === undefined ? undefined : await sourceOf(path, position);
  const error = { code, detail, ...(position && { position }), ...(source && { source }) };
  const at = source ?? position;
  const where = at === undefined ? "" : ` at ${source?.file ?? path}:${at.line}:${at.column}`;
  output.answer({ ok: false, error, gas }, [`${code}: ${detail}${where}`, `gas ${gas}`]);
  process.exitCode = 1;
}

/** Where a position in a bundle comes from, if the source map still lies beside the bundle. */
async function sourceOf(
  path: string,
  { line, column }: SourcePosition,
): Promise<(SourcePosition & { file: string }) | undefined> {
  const written = await readFile(`${path}.map`, "utf8").catch(() => undefined);
  if (written === undefined) return undefined;
  const origin = new SourceMap(JSON.parse(written)).findOrigin(line, column);
  if (!("fileName" in origin)) return undefined;
  return { file: origin.fileName, line: origin.lineNumber, column: origin.columnNumber };
}

/** A bundle file, or else a script. */
function runContent(content: Buffer, input: GuestData, limits: VmLimits): VmOutcome {
  let code: string;
  try {
    code = decodeBundleFile(content).bundle.code;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return runScript(content.toString("utf8"), input, limits);
  }
  const loaded = loadProgram(code, limits);
  return loaded.ok ? loaded.program.call(input) : loaded;
}

async function readInput(path: string): Promise<GuestData> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as GuestData;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestError("contract/bad-input", `${path} is not JSON: ${error.message}`, { path });
  }
}

function parsed(result: string | undefined): unknown {
  try {
    return JSON.parse(result ?? "null");
  } catch {
    return result;
  }
}

function wholeNumber(value: string): bigint {
  if (!/^[0-9]{1,15}$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
  return BigInt(value);
}
