import { open, readFile, writeFile } from "node:fs/promises";
import { RequestError } from "../request-error.ts";

/** @throws RequestError `file/…` that names the path and the remedy */
export async function readInputFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * A file that may come from anybody. What has no size of its own, such as a pipe, is bounded as well.
 * @throws RequestError `file/too-large`, or `file/…` that names the path and the remedy
 */
export async function readBoundedFile(path: string, bytesMax: number): Promise<Buffer> {
  const file = await open(path, "r").catch((error) => {
    throw fileError(error, path);
  });
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of file.createReadStream({
      autoClose: false,
    }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw tooLarge(path, bytesMax);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await file.close();
  }
}

function tooLarge(path: string, bytesMax: number): RequestError {
  const detail = `${path} has more than ${bytesMax} bytes: it is another file than this takes`;
  return new RequestError("file/too-large", detail, { path, bytesMax });
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
  if (error instanceof RequestError) return error;
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
