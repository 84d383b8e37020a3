import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const TIMEOUT_MS = 120_000;
/** Inside the repository, so that `@stateset/…` resolves; ignored by git. */
const EXAMPLES_FOLDER = ".stateset/readme";

export interface Outcome {
  ok: boolean;
  output: string;
}

/** Runs a TypeScript example as a program of its own. */
export function runTypeScript(name: string, code: string): Outcome {
  mkdirSync(EXAMPLES_FOLDER, { recursive: true });
  const file = join(EXAMPLES_FOLDER, `${name.replaceAll(/[^\w-]+/g, "-")}.ts`);
  writeFileSync(file, code);
  return run(process.execPath, [file], process.cwd());
}

/** What commands may name as if they ran at the root of the clone. */
const LINKED = ["apps", "samples"];

/**
 * Runs command lines one after the other in a folder of their own, so that a later one finds what an
 * earlier one wrote, with `npx stateset` meaning this clone's.
 */
export function runCommands(commands: readonly string[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), "stateset-readme-"));
  for (const name of LINKED) symlinkSync(resolve(name), join(folder, name));
  try {
    return commands.map((command) => run("/bin/sh", ["-c", command.replace(/^npx /, "")], folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], cwd: string): Outcome {
  const path = [resolve("node_modules/.bin"), process.env.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    timeout: TIMEOUT_MS,
  });
  return { ok: status === 0, output: `${stdout}${stderr}${error?.message ?? ""}`.trim() };
}
