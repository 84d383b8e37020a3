import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { SecretKey } from "@stateset/codec";
import { type BuiltContract, buildContract } from "@stateset/contract-vm";
import {
  AppError,
  type AppFile,
  assertApp,
  assertExportedApp,
  encodeAppBundle,
  manifestOf,
  type ReadApp,
  readApp,
  signApp,
} from "@stateset/flow";
import { signBundle } from "@stateset/ledger";
import { compileFlows } from "./compile-flows.ts";

export type BuiltApp = ReadApp & {
  /** The app with the signatures asked for, as it lies in a file. */
  file: AppFile;
  contract: BuiltContract;
  /** From the code of the flows back to their sources (ECMA-426); no part of the app. */
  sourceMap: string;
};

/**
 * Builds the app that a folder holds: the contract in `src/contract`, and the default export of
 * `src/index.ts` with all that it imports as one module. Both are signed with the keys given. The
 * same sources and keys give the same bytes wherever the folder lies.
 * @throws AppError `app/not-built`, `app/impure`, `app/mismatch`, `app/malformed`
 * @throws ContractVmError `invalid-contract`, LedgerError where the contract cannot be a bundle
 */
export async function buildApp(
  folder: string,
  { keys }: { keys: readonly SecretKey[] },
): Promise<BuiltApp> {
  const entry = join(folder, "src/index.ts");
  if (!existsSync(entry)) {
    const reason = "it has no src/index.ts with the app as its default export";
    throw new AppError({ code: "app/not-built", folder, reason });
  }
  const contract = await buildContract(folder);
  const { code, sourceMap } = await compileFlows(realpathSync(entry));
  const exported = await evaluate(code, folder);
  assertApp(exported);
  const app = encodeAppBundle({
    format: 0,
    ...manifestOf(exported),
    contracts: [signBundle(contract.bytes, ...keys)],
    code,
  });
  const read = readApp(app);
  assertExportedApp(exported, read);
  return { ...read, file: signApp(app, ...keys), contract, sourceMap };
}

/** Runs what was compiled, not the sources, so that the manifest tells of what nodes will run. */
async function evaluate(code: string, folder: string): Promise<unknown> {
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  try {
    const exported = (await import(url)) as { default?: unknown };
    return exported.default;
  } catch (error) {
    const reason = `its code cannot be run: ${(error as Error).message}`;
    throw new AppError({ code: "app/not-built", folder, reason }, { cause: error });
  }
}
