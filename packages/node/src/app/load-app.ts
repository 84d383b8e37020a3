import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { KeyTree } from "@stateset/codec";
import {
  AppError,
  type AppFile,
  assertContractsOwned,
  assertExportedApp,
  type InstalledApp,
  openApp,
} from "@stateset/flow";
import type { NetworkParameters } from "@stateset/ledger";

export type LoadOptions = {
  /** Whose signature is enough for running an app's code in this node. */
  trusted: readonly KeyTree[];
  /** Where code lies while it is in use. */
  folder: string;
  /** The network's, where they are known: they name the owners of contracts. */
  parameters?: NetworkParameters;
};

/**
 * Installs an app that a trusted key signed. Its code runs only after its signature, its manifest
 * and its contracts were checked, from `<folder>/<hash>.mjs`, and must then be what they say.
 * @throws AppError
 */
export async function loadApp(
  file: AppFile,
  { trusted, folder, parameters }: LoadOptions,
): Promise<InstalledApp> {
  const read = openApp(file, trusted);
  if (parameters !== undefined) assertContractsOwned(read, parameters);
  const path = await writeCode(folder, read.hash, read.bundle.code);
  const app = assertExportedApp(await importDefault(path, read.hash), read);
  const { contracts: contractFiles } = read.bundle;
  return { hash: read.hash, app, contracts: read.contracts, contractFiles };
}

async function importDefault(path: string, app: string): Promise<unknown> {
  try {
    const exported = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return exported.default;
  } catch (error) {
    const reason = (error as Error).message;
    throw new AppError({ code: "app/not-loadable", app, reason }, { cause: error });
  }
}

/** Whole or not at all; what lies there already must be the very code. */
async function writeCode(folder: string, hash: string, code: string): Promise<string> {
  const path = join(folder, `${hash}.mjs`);
  const present = await readIfThere(path);
  if (present === code) return path;
  if (present !== undefined) throw new AppError({ code: "app/altered", path });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const written = join(folder, `${hash}.${randomUUID()}.part`);
  try {
    const handle = await open(written, "wx", 0o600);
    try {
      await handle.writeFile(code);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(written, path);
  } catch (error) {
    await unlink(written).catch(() => undefined); // the first error says what went wrong
    throw error;
  }
  return path;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
