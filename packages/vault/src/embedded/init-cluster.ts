import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { faultOf, PostgresError } from "./postgres-error.ts";
import { giveTo, type PostgresFolder } from "./postgres-folder.ts";

/** The role that owns the databases. */
export const SUPERUSER = "stateset";
/** The parent's environment stays with it: it may hold secrets, and locales that differ by host. */
export const SERVER_ENVIRONMENT = { LC_ALL: "C", TZ: "UTC" };

/**
 * Makes the data of a server unless they are there. They come to be under another name and are
 * renamed when whole, so that a crash halfway leaves nothing that looks like a database.
 */
export async function initCluster(
  folder: PostgresFolder,
  { initdb, major }: PostgresBinaries,
): Promise<void> {
  const found = await readFile(join(folder.data, "PG_VERSION"), "utf8").catch(() => undefined);
  if (found !== undefined) return assertVersion(folder, found.trim(), major);
  await removeDrafts(folder.home);
  const draft = join(folder.home, `${DRAFT}${process.pid}`);
  const passwordFile = join(draft, "..", `${DRAFT}${process.pid}.password`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await giveTo(draft, folder.account);
    await writeFile(passwordFile, folder.password, { mode: 0o600 });
    await giveTo(passwordFile, folder.account);
    const { code, output } = await run(initdb, initArguments(draft, passwordFile), folder);
    if (code !== 0) throw new PostgresError(faultOf(output, { folder: folder.folder }));
    await rename(draft, folder.data);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

const DRAFT = "data.new-";

function initArguments(data: string, passwordFile: string): string[] {
  return [
    `--pgdata=${data}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Ordered by code point and cased by Unicode, whatever the host has installed.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
}

function assertVersion({ folder }: PostgresFolder, found: string, expected: string): void {
  if (found === expected) return;
  const remedy = "dump with the old version and restore into a new folder";
  throw new PostgresError({ code: "postgres/other-version", folder, found, expected, remedy });
}

/** What starts that were killed left behind. */
async function removeDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = Number(/^data\.new-(\d+)/.exec(name)?.[1]);
    if (pid > 0 && pid !== process.pid && !isAlive(pid)) {
      await rm(join(home, name), { recursive: true, force: true });
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

async function run(
  program: string,
  arguments_: string[],
  { account, home }: PostgresFolder,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, arguments_, {
    ...account,
    cwd: account === undefined ? home : "/",
    env: SERVER_ENVIRONMENT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: null, output: error.message }));
    child.on("close", (code) => resolve({ code, output }));
  });
}
