import { createHash, randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SecretKey } from "@stateset/codec";
import {
  AppError,
  type AppFile,
  decodeAppFile,
  encodeAppBundle,
  encodeAppFile,
  readApp,
  signApp,
} from "@stateset/flow";
import { signBundle } from "@stateset/ledger";
import { appFolder } from "../development/development-network.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
/** Beside the compiled modules of `bin/stateset.mjs`: it goes when the dependencies do. */
const CACHE = join(ROOT, "node_modules/.cache/stateset-apps");
/** All that can have a say in an app's bytes, or in how they are checked. */
const SOURCES = ["{apps,packages}/*/{src/**/*.ts,package.json}", "package-lock.json"];

/**
 * Apps that come with this repository, signed with a key of the network that is to run them. What
 * was built of the same sources before is taken as it was, since building takes a bundler.
 */
export async function builtApps(names: readonly string[], key: SecretKey): Promise<AppFile[]> {
  const sources = hashOfSources();
  const found = await Promise.all(names.map((name) => readCached(cachePath(name, sources))));
  const apps = await Promise.all(names.map(async (name, i) => found[i] ?? buildUnsigned(name)));
  const built = names.flatMap((name, i) =>
    apps[i] === undefined || found[i] !== undefined ? [] : [{ name, app: apps[i] }],
  );
  // Sources that changed while they were read are nobody's: the next start builds again.
  if (built.length > 0 && hashOfSources() === sources)
    await Promise.all(built.map(({ name, app }) => writeCached(name, sources, app)));
  return apps.map((app) => signWhole(app, key));
}

function cachePath(name: string, sources: string): string {
  return join(CACHE, `${name}-${sources}.app`);
}

async function buildUnsigned(name: string): Promise<Uint8Array> {
  const { buildApp } = await import("../app/build-app.ts");
  const { file } = await buildApp(appFolder(name), { keys: [] });
  return file.app;
}

/** Contracts first, as the app's hash covers their signatures. */
function signWhole(app: Uint8Array, key: SecretKey): AppFile {
  const { bundle } = readApp(app);
  const contracts = bundle.contracts.map((contract) => signBundle(contract.bundle, key));
  return signApp(encodeAppBundle({ ...bundle, contracts }), key);
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const path of globSync(SOURCES, { cwd: ROOT }).sort()) {
    if (path.endsWith(".test.ts")) continue;
    const content = readFileSync(join(ROOT, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 32);
}

async function readCached(path: string): Promise<Uint8Array | undefined> {
  try {
    const { app } = decodeAppFile(new Uint8Array(await readFile(path)));
    readApp(app);
    return app;
  } catch (error) {
    if (error instanceof AppError) return undefined; // not whole, whatever became of it
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whole or not at all, as others may start at the same time. A cache that cannot be kept is none. */
async function writeCached(name: string, sources: string, app: Uint8Array): Promise<void> {
  const path = cachePath(name, sources);
  const part = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(CACHE, { recursive: true });
    await writeFile(part, encodeAppFile({ app, signatures: [] }));
    await rename(part, path);
    const older = globSync(`${name}-*.app`, { cwd: CACHE }).map((file) => join(CACHE, file));
    for (const each of older) if (each !== path) await rm(each, { force: true });
  } catch {
    await rm(part, { force: true }).catch(() => {});
  }
}
