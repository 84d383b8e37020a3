import { readFile, writeFile } from "node:fs/promises";
import { RequestError } from "../request-error.ts";

/** @throws RequestError `file/…` that names the path and the remedy */
export async function readInputFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** @throws RequestError `file/…` that names the path and the remedy */
export async function writeOutputFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** What the operating system says of a path, as a problem of whoever named it. */
function fileError(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== "string") return error;
  const detail = REMEDIES[code] ?? message;
  return new RequestError(`file/${code.toLowerCase()}`, `${path} ${detail}`, { path });
}

const REMEDIES: Record<string, string> = {
  EACCES: "may not be opened: check who owns it",
  EISDIR: "is a folder: name a file",
  ENOENT: "is not there: check the path",
  ENOTDIR: "goes through a file: check the path",
};
