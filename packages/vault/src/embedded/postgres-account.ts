import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { PostgresError } from "./postgres-error.ts";

/** Whom the server runs as. PostgreSQL refuses to run as root, so root drops to another account. */
export type Account = { uid: number; gid: number };

/** One of the database's own, or else one that has no rights at all; none is created. */
const ACCOUNTS = ["postgres", "nobody"];

/** @returns undefined for an ordinary user, who runs the server himself */
export async function accountFor(
  dataOwner: Account | undefined,
  names: readonly string[] = ACCOUNTS,
): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  if (dataOwner !== undefined && dataOwner.uid !== 0) return dataOwner;
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  for (const name of names) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new PostgresError({
    code: "postgres/no-account",
    tried: [...names],
    remedy: "run as an ordinary user, or add one of these accounts to the host",
  });
}

/** Whether the account may go through a folder and all above it, by their permission bits. */
export async function mayEnter(account: Account | undefined, folder: string): Promise<boolean> {
  if (account === undefined) return true;
  for (let at = folder; ; at = dirname(at)) {
    if ((bitsFor(account, await stat(at)) & 0o1) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Whether the account may read a file and reach it. */
export async function mayRead(account: Account | undefined, file: string): Promise<boolean> {
  if (account === undefined) return true;
  const isReadable = (bitsFor(account, await stat(file)) & 0o4) !== 0;
  return isReadable && mayEnter(account, dirname(file));
}

function bitsFor(account: Account, { mode, uid, gid }: Stats): number {
  return mode >> (uid === account.uid ? 6 : gid === account.gid ? 3 : 0);
}
