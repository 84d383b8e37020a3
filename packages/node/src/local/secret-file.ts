import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Whole or not at all, and readable by nobody else. */
export function writeSecretFile(path: string, content: string | Uint8Array): void {
  makeOwnFolder(dirname(path));
  const part = `${path}.part`;
  writeFileSync(part, content, { mode: 0o600 });
  renameSync(part, path);
}

/** A file's content as it is, or as it is made and written where it was not there. */
export function readOrCreate(path: string, create: () => string): string {
  if (existsSync(path)) return readFileSync(path, "utf8");
  const content = create();
  writeSecretFile(path, content);
  return content;
}

export function makeOwnFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}
