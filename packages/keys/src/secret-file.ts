import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { KeyStoreError } from "./key-store-error.ts";

const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;
const PERMISSIONS = 0o777;

/**
 * Writes a file that was not there, whole or not at all, for its owner only.
 * @throws KeyStoreError `keys/exists`
 */
export async function createSecretFile(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const file = await open(temporary, "wx", OWNER_ONLY);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike a rename, a link does not replace what is there.
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new KeyStoreError({ code: "keys/exists", path }, { cause: error });
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dirname(path));
}

/** @throws KeyStoreError where it is missing, too large, or open to others */
export async function readSecretFile(path: string, bytesMax: number): Promise<Uint8Array> {
  const file = await openFile(path);
  try {
    // Of the open file, so that nobody can change it for another in between.
    const { mode, size } = await file.stat();
    // Windows has no such bits.
    if (process.platform !== "win32" && (mode & GROUP_AND_OTHERS) !== 0) {
      const found = (mode & PERMISSIONS).toString(8).padStart(3, "0");
      throw new KeyStoreError({ code: "keys/exposed", path, mode: found });
    }
    if (size > bytesMax)
      throw new KeyStoreError({ code: "keys/malformed", path, reason: "it is too large" });
    return Uint8Array.from(await file.readFile());
  } catch (error) {
    if (error instanceof KeyStoreError) throw error;
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
}

async function openFile(path: string) {
  try {
    // A named pipe would otherwise keep the node waiting for ever.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT")
      throw new KeyStoreError({ code: "keys/missing", path }, { cause: error });
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): KeyStoreError {
  const reason = codeOf(error) ?? String(error);
  return new KeyStoreError({ code: "keys/unreadable", path, reason }, { cause: error });
}

/** So that the new name outlives a loss of power. Windows cannot, and need not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
