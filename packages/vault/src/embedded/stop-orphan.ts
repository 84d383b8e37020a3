import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./init-cluster.ts";
import { PostgresError } from "./postgres-error.ts";
import type { PostgresFolder } from "./postgres-folder.ts";

/** A fast shutdown writes what is in memory; with 64 MB of that, seconds suffice. */
const SHUTDOWN_MAX_MS = 10_000;
const POLL_MS = 25;
/** Above what any kernel gives out. */
const NOBODYS_PID = "2147483646";

/**
 * Sees to it that no server of an earlier run holds the data. One whose starter is gone is stopped;
 * one whose starter lives is left alone. A pid file that names a process of another kind, which
 * came to have the number since, is made harmless, but its key to the shared memory stays, by which
 * PostgreSQL finds children of a killed server that still write.
 * @throws PostgresError `postgres/folder-in-use`
 */
export async function stopOrphan(folder: PostgresFolder): Promise<void> {
  const file = join(folder.data, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  if (!(pid > 0) || !isAlive(pid)) return;
  if (!(await isServerOf(pid, folder.data))) {
    await writeFile(file, [NOBODYS_PID, ...text.split("\n").slice(1)].join("\n"));
    return;
  }
  const starter = Number(await readFile(starterFile(folder), "utf8").catch(() => ""));
  if (starter > 0 && starter !== process.pid && isAlive(starter)) inUse(folder, starter);
  if (starter === process.pid && owned.has(folder.data)) inUse(folder, starter);
  process.kill(pid, "SIGINT");
  if (await isGone(pid, SHUTDOWN_MAX_MS)) return;
  process.kill(pid, "SIGQUIT");
  if (!(await isGone(pid, SHUTDOWN_MAX_MS))) inUse(folder, pid);
}

/** The data folders whose servers this process has started and not stopped. */
export const owned = new Set<string>();

/** Where the pid of the process is written that started the server. */
export function starterFile({ home }: PostgresFolder): string {
  return join(home, "starter.pid");
}

function inUse({ folder }: PostgresFolder, pid: number): never {
  const remedy = `stop the process ${pid} first, or choose another folder`;
  throw new PostgresError({ code: "postgres/folder-in-use", folder, pid, remedy });
}

async function isServerOf(pid: number, data: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(
    () =>
      new Promise<string>((resolve) => {
        execFile("ps", ["-o", "command=", "-p", String(pid)], (_, output) => resolve(output));
      }),
  );
  return command.includes("postgres") && command.includes(data);
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
