import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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
  const background: ChildProcess[] = [];
  try {
    return commands.map((written) => {
      const command = written.replace(/^npx /, "");
      if (!command.endsWith(BACKGROUND)) return run("/bin/sh", ["-c", command], folder);
      const output = join(folder, `background-${background.length}.txt`);
      background.push(startInBackground(command.slice(0, -BACKGROUND.length), folder, output));
      return untilReady(output);
    });
  } finally {
    for (const { pid } of background) if (pid !== undefined) endGroup(pid);
    run("/bin/sh", ["-c", "stateset clean"], folder); // also what lies outside the folder
    rmSync(folder, { recursive: true, force: true });
  }
}

const BACKGROUND = " &";
const READY = "is ready";
const POLL_MS = 50;

/** A process group of its own, so that it ends with all that it started. */
function startInBackground(command: string, cwd: string, output: string): ChildProcess {
  const file = openSync(output, "w");
  const stdio = ["ignore", file, file] as const;
  const child = spawn("/bin/sh", ["-c", command], {
    cwd,
    env: environment(),
    detached: true,
    stdio: [...stdio],
  });
  closeSync(file);
  return child;
}

function untilReady(file: string): Outcome {
  const deadline = Date.now() + TIMEOUT_MS;
  let output = "";
  while (Date.now() < deadline) {
    output = readFileSync(file, "utf8");
    if (output.includes(READY)) return { ok: true, output };
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  return { ok: false, output };
}

/** Harmless where a later command has ended it already. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // it has ended
  }
}

function run(command: string, args: string[], cwd: string): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    timeout: TIMEOUT_MS,
  });
  return { ok: status === 0, output: `${stdout}${stderr}${error?.message ?? ""}`.trim() };
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [resolve("node_modules/.bin"), process.env.PATH].join(delimiter) };
}
