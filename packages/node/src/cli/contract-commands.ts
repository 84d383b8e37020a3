import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import {
  buildContract,
  DEFAULT_LIMITS,
  type GuestData,
  loadProgram,
  MEMORY_BYTES_MAX,
  MEMORY_BYTES_MIN,
  runScript,
  type SourcePosition,
  type VmLimits,
  type VmOutcome,
} from "@stateset/contract-vm";
import { decodeBundleFile, encodeBundleFile, signBundle } from "@stateset/ledger";
import { type Command, InvalidArgumentError } from "commander";
import { developmentKey } from "../development/development-network.ts";
import { RequestError } from "../request-error.ts";
import { example, outputOf } from "./command-output.ts";
import { readInputFile, writeOutputFile } from "./files.ts";

export function addContractCommands(program: Command): void {
  const contract = program
    .command("contract")
    .description("build contracts, and run them alone")
    .addHelpText("after", example("contract build apps/cash --out cash.bundle"));
  contract
    .command("build <folder>")
    .description("build the contract in a folder into a bundle: same sources, same hash")
    .option("--out <file>", "where to write it (default: <name>-<version>.bundle)", nonEmpty)
    .option(
      "--sign-as <name>",
      "sign with the development key of this name",
      nonEmpty,
      "contract author",
    )
    .addHelpText("after", example("contract build apps/cash --out cash.bundle"))
    .action(buildCommand);
  contract
    .command("run <bundle>")
    .description("run a bundle's contract, or a plain script, in the contract VM")
    .option("--input <file>", 'JSON to hand to it; "12n" is a bigint')
    .option("--gas <n>", `how much it may use (default: ${DEFAULT_LIMITS.gas})`, gasLimit)
    .option("--memory <bytes>", "how much it may hold", memoryLimit)
    .addHelpText(
      "after",
      example(
        "contract run samples/fibonacci.js --gas 2000000",
        "contract run cash.bundle --input samples/cash-move.json",
      ),
    )
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
  const signed = signBundle(bytes, developmentKey(options.signAs));
  await writeOutputFile(file, encodeBundleFile(signed));
  await writeOutputFile(`${file}.map`, sourceMap);
  const states = bundle.states.map(({ type }) => type);
  const commands = bundle.commands.map((each) => each.name);
  const answer = { name, version, hash, file, bytes: bytes.length, states, commands };
  outputOf(command).answer({ ...answer, signedAs: options.signAs }, [
    `${name} ${version}  ${hash}`,
    `  states    ${states.join(", ")}`,
    `  commands  ${commands.join(", ")}`,
    `  written   ${file}, ${bytes.length} bytes, signed as "${options.signAs}" (a development key)`,
    `            ${file}.map, from its code back to the sources`,
  ]);
}

async function runCommand(
  path: string,
  options: { input?: string; gas?: bigint; memory?: number },
  command: Command,
): Promise<void> {
  const output = outputOf(command);
  const limits: VmLimits = {
    ...DEFAULT_LIMITS,
    gas: options.gas ?? DEFAULT_LIMITS.gas,
    memoryBytes: options.memory ?? DEFAULT_LIMITS.memoryBytes,
  };
  const content = await readInputFile(path);
  const input = options.input === undefined ? undefined : await readInput(options.input);
  const outcome = runContent(path, content, input, limits);
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
  output.note(`${code}: ${detail}${where}`);
  output.answer({ ok: false, error, gas }, [`gas ${gas}`]);
  process.exitCode = 1;
}

/** Where a position in a bundle comes from, if the source map still lies beside the bundle. */
async function sourceOf(
  path: string,
  { line, column }: SourcePosition,
): Promise<(SourcePosition & { file: string }) | undefined> {
  try {
    const map = JSON.parse(await readFile(`${path}.map`, "utf8"));
    const origin = new SourceMap(map).findOrigin(line, column);
    if (!("fileName" in origin)) return undefined;
    return { file: origin.fileName, line: origin.lineNumber, column: origin.columnNumber };
  } catch {
    return undefined; // no map, or not one: the position in the bundle stands
  }
}

/** A bundle where the name says so, or else a script. */
function runContent(path: string, content: Buffer, input: GuestData, limits: VmLimits): VmOutcome {
  if (!path.endsWith(".bundle")) {
    if (isUtf8(content)) return runScript(content.toString("utf8"), input, limits);
    const detail = `${path} is neither a script nor a bundle: bundles are named *.bundle`;
    throw new RequestError("input/not-a-script", detail, { path });
  }
  const { bundle } = decodeBundleFile(content);
  if (input === undefined)
    throw new RequestError(
      "input/missing",
      "a bundle judges one command: give --input FILE, JSON with command, inputs, outputs, " +
        "references and timeWindow, such as samples/cash-move.json",
    );
  const loaded = loadProgram(bundle.code, limits);
  return loaded.ok ? loaded.program.call(input) : loaded;
}

async function readInput(path: string): Promise<GuestData> {
  const text = (await readInputFile(path)).toString("utf8");
  try {
    return JSON.parse(text, bigintsFromText) as GuestData;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestError("input/not-json", `${path} is not JSON: ${error.message}`, { path });
  }
}

/** JSON has no bigints: "12n" stands for one. */
function bigintsFromText(_: string, value: unknown): unknown {
  const isBigint = typeof value === "string" && /^-?[0-9]{1,20}n$/.test(value);
  return isBigint ? BigInt(value.slice(0, -1)) : value;
}

function parsed(result: string | undefined): unknown {
  try {
    return JSON.parse(result ?? "null");
  } catch {
    return result;
  }
}

const GAS_MAX = Number.MAX_SAFE_INTEGER;

function gasLimit(value: string): bigint {
  return BigInt(wholeNumber(value, 0, GAS_MAX));
}

function memoryLimit(value: string): number {
  return wholeNumber(value, MEMORY_BYTES_MIN, MEMORY_BYTES_MAX);
}

function wholeNumber(value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^[0-9]{1,16}$/.test(value) && number >= min && number <= max) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
}

function nonEmpty(value: string): string {
  if (value !== "") return value;
  throw new InvalidArgumentError("It must not be empty.");
}
