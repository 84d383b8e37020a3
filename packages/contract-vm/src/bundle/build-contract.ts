import { existsSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Bundle, type BundleHash, bundleOf, encodeBundle, loadBundle } from "@stateset/ledger";
import type { Contract } from "@stateset/ledger/contract";
import { build, type Plugin } from "esbuild";
import { ContractVmError } from "../contract-vm-error.ts";

export type BuiltContract = {
  contract: Contract;
  bundle: Bundle;
  /** The attachment: what is hashed, signed and sent. */
  bytes: Uint8Array;
  hash: BundleHash;
  /** From the bundle's code back to its sources (ECMA-426); no part of the bundle. */
  sourceMap: string;
};

const ENTRIES = ["src/contract/index.ts", "contract/index.ts", "index.ts"];
/** Long enough to stay compact, short enough that a position in an error says where. */
const LINE_LENGTH = 120;

/**
 * Builds the bundle of the contract that a folder holds: the one export of its `index.ts` that is a
 * contract. The same sources give the same bytes wherever the folder lies.
 * @throws ContractVmError `invalid-contract` where there is none, or its code does not compile
 * @throws LedgerError where the contract cannot be a bundle, as with an unsafe authority
 */
export async function buildContract(folder: string): Promise<BuiltContract> {
  const entry = entryOf(folder);
  const { name, contract } = await contractIn(entry);
  const { code, sourceMap } = await compile(entry, name);
  const bundle = bundleOf(contract, code);
  const bytes = encodeBundle(bundle);
  const { hash } = loadBundle(bytes);
  return { contract, bundle, bytes, hash, sourceMap };
}

function entryOf(folder: string): string {
  const candidates = ENTRIES.map((entry) => resolve(folder, entry));
  const found = candidates.find(existsSync);
  if (found !== undefined) return realpathSync(found);
  throw invalid(`${folder} has none of ${ENTRIES.join(", ")}`);
}

async function contractIn(entry: string): Promise<{ name: string; contract: Contract }> {
  const exported = await importModule(entry);
  const contracts = Object.entries(exported).filter(([, value]) => isContract(value));
  const [first] = contracts;
  if (first === undefined || contracts.length > 1)
    throw invalid(`${entry} exports ${contracts.length} contracts, and must export one`);
  return { name: first[0], contract: first[1] as Contract };
}

async function importModule(entry: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  } catch (error) {
    throw invalid(`${entry} cannot be loaded: ${(error as Error).message}`);
  }
}

function isContract(value: unknown): value is Contract {
  if (typeof value !== "object" || value === null) return false;
  return ["name", "version", "states", "commands", "rules"].every((field) => field in value);
}

async function compile(entry: string, name: string): Promise<{ code: string; sourceMap: string }> {
  const result = await build({
    stdin: {
      contents: [
        `import { ${name} as contract } from ${JSON.stringify(`./${basename(entry)}`)};`,
        `import { runContract } from "@stateset/ledger/contract";`,
        "globalThis.contract = (input) => runContract(contract, input);",
      ].join("\n"),
      resolveDir: join(entry, ".."),
      sourcefile: "entry.ts",
    },
    bundle: true,
    write: false,
    outdir: join(entry, ".."),
    format: "iife",
    platform: "neutral",
    target: "es2023",
    charset: "ascii",
    legalComments: "none",
    // Names stay, for messages; white space goes, and with it every path of the building machine.
    minifyWhitespace: true,
    lineLimit: LINE_LENGTH,
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
    plugins: [onlyPureCode],
  }).catch((error: Error) => {
    throw invalid(error.message);
  });
  const text = (suffix: string) =>
    result.outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? "";
  return { code: text(".js"), sourceMap: text(".js.map") };
}

/** A contract reaches nothing of the host; an import that would is an error here, not at run time. */
const onlyPureCode: Plugin = {
  name: "only-pure-code",
  setup(builder) {
    builder.onResolve({ filter: /^(node:|#crypto$)/ }, ({ path, importer }) => ({
      errors: [{ text: `a contract cannot import ${path}`, detail: importer }],
    }));
  },
};

function invalid(detail: string): ContractVmError {
  return new ContractVmError({ code: "invalid-contract", detail });
}
