import { randomBytes, randomUUID } from "node:crypto";
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, accountFor, mayEnter } from "./postgres-account.ts";
import { makeOwnFolder, SYSTEM_FOLDER } from "./postgres-binaries.ts";
import { PostgresError } from "./postgres-error.ts";

/** What is remembered of a server in its folder; `home` where its data lie elsewhere. */
type Remembered = { home?: string; password: string };

/** Where a server's data lie, and who owns them. */
export type PostgresFolder = {
  /** As the caller named it. */
  folder: string;
  /** Holds `data`; elsewhere than `folder` where the account cannot reach that. */
  home: string;
  data: string;
  password: string;
  account: Account | undefined;
};

/** Private to whom starts the server. */
const RECORD = "server.json";
/** In a home outside its folder: the folder it belongs to. */
const OWNER = "folder";
/** A socket's address has 108 bytes at most on Linux and 104 on macOS, the name in it included. */
const SOCKET_FOLDER_MAX = 80;

/** Opens a server's folder, or lays out a new one. */
export async function openFolder(
  folder: string,
  names?: readonly string[],
): Promise<PostgresFolder> {
  await mkdir(folder, { recursive: true });
  const here = await realpath(folder);
  const record = await readRecord(here);
  if (record !== undefined) return reopen(here, record, names);
  const account = await accountFor(undefined, names);
  const home = await newHome(here, account);
  const password = randomBytes(24).toString("base64url");
  const remembered: Remembered = { ...(home !== here && { home }), password };
  await writeWhole(join(here, RECORD), JSON.stringify(remembered));
  return { folder: here, home, data: join(home, "data"), password, account };
}

async function reopen(
  folder: string,
  { home = folder, password }: Remembered,
  names: readonly string[] | undefined,
): Promise<PostgresFolder> {
  const data = join(home, "data");
  const dataOwner = await stat(data).catch(() => undefined);
  const account = await accountFor(dataOwner && { uid: dataOwner.uid, gid: dataOwner.gid }, names);
  if (home !== folder) await assertOwner(folder, home);
  return { folder, home, data, password, account };
}

async function newHome(folder: string, account: Account | undefined): Promise<string> {
  if (account === undefined) return folder;
  // The folder is ours: what is secret in it has modes of its own.
  await chmod(folder, ((await stat(folder)).mode & 0o777) | 0o011);
  if (await mayEnter(account, folder)) return folder;
  if (!(await makeOwnFolder(SYSTEM_FOLDER).catch(() => false))) {
    throw new PostgresError({
      code: "postgres/permission-denied",
      path: folder,
      reason: `the server's account cannot reach it, and ${SYSTEM_FOLDER} cannot be made`,
      remedy: "choose a folder that other accounts may enter",
    });
  }
  const home = join(SYSTEM_FOLDER, randomUUID());
  await makeOwnFolder(home);
  await writeWhole(join(home, OWNER), folder);
  return home;
}

/** A folder that was moved keeps its data; of one that was copied, the copy has none of its own. */
async function assertOwner(folder: string, home: string): Promise<void> {
  const original = await readFile(join(home, OWNER), "utf8").catch(() => undefined);
  if (original === folder) return;
  if (original === undefined) {
    throw new PostgresError({
      code: "postgres/folder-damaged",
      folder,
      reason: `its data at ${home} are gone`,
      remedy: "restore them, or remove the folder to begin afresh",
    });
  }
  if ((await readRecord(original).catch(() => undefined))?.home === home) {
    throw new PostgresError({
      code: "postgres/folder-copied",
      folder,
      original,
      remedy: "dump and restore the database instead of copying its folder",
    });
  }
  await writeWhole(join(home, OWNER), folder);
}

/** A new short-named folder for sockets that the account and this user alone may enter. */
export async function socketFolder({ home, account }: PostgresFolder): Promise<string> {
  const parents = [home, tmpdir(), "/tmp"];
  const parent = parents.find((path) => Buffer.byteLength(path) <= SOCKET_FOLDER_MAX) ?? "/tmp";
  const path = parent === home ? join(home, "run") : await mkdtemp(join(parent, "stateset-pg-"));
  await mkdir(path, { recursive: true, mode: 0o700 });
  await giveTo(path, account);
  return path;
}

export async function giveTo(path: string, account: Account | undefined): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

async function readRecord(folder: string): Promise<Remembered | undefined> {
  const text = await readFile(join(folder, RECORD), "utf8").catch((error: { code?: string }) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { home, password } = JSON.parse(text) as Partial<Remembered>;
    if (typeof password === "string") return { ...(home !== undefined && { home }), password };
  } catch {
    // Told below.
  }
  const remedy = "restore it, or remove the folder to begin afresh";
  const reason = `${RECORD} is not what was written there`;
  throw new PostgresError({ code: "postgres/folder-damaged", folder, reason, remedy });
}

/** Writes a private file so that a crash leaves all of it or nothing. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, "w", 0o600);
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(draft, path).catch(async (error) => {
    await rm(draft, { force: true });
    throw error;
  });
}
