import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { createProgram } from "../../src/cli/program.ts";

const folder = mkdtempSync(join(tmpdir(), "stateset-receipt-"));

/** Writes a file, objects as JSON. @returns its path */
export function write(name: string, content: object | string | Uint8Array): string {
  const path = join(folder, name);
  const isRaw = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(path, isRaw ? content : JSON.stringify(content));
  return path;
}

/** A path of the folder that the files are written to. */
export const at = (name: string): string => join(folder, name);

/** Runs a command in this process, which is quicker by far than starting one each time. */
export async function receipt(...args: string[]) {
  const said = { stdout: "", stderr: "" };
  const listening = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += String(text);
      return true;
    }),
  );
  try {
    await createProgram().parseAsync(["node", "stateset", "receipt", ...args]);
    return { ...said, status: process.exitCode ?? 0 };
  } finally {
    process.exitCode = undefined;
    for (const spy of listening) spy.mockRestore();
  }
}

/** What `receipt verify --json` answers. */
export async function verified(...args: string[]) {
  const { status, stdout } = await receipt("verify", ...args, "--json");
  return { status, ...JSON.parse(stdout) };
}
