import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { RequestError } from "../request-error.ts";

const OUTPUT_CHARACTERS_MAX = 64 << 10;
const EMBEDDED = "`--notary embedded` needs none";

/**
 * Looks whether there is a Go that a module can be built with.
 * @throws RequestError `network/go-missing`, `network/go-too-old`
 */
export async function goNeeded(goMod: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const needed = /^go (\d+\.\d+)/m.exec(readFileSync(goMod, "utf8"))?.[1] ?? "";
  const { code, stdout } = await runGo(["env", "GOVERSION"], { environment }).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { code: 1, stdout: "" };
  });
  if (code !== 0)
    throw new RequestError(
      "network/go-missing",
      `Go ≥ ${needed} is needed to build the notary cluster's program, and there is no go command; ` +
        `install it from https://go.dev/dl, or use another notary: ${EMBEDDED}`,
      { needed },
    );
  const found = /go(\d+\.\d+)/.exec(stdout)?.[1];
  // A Go of somebody's own making has no number to compare.
  if (found === undefined || isAtLeast(found, needed)) return;
  throw new RequestError(
    "network/go-too-old",
    `Go ≥ ${needed} is needed to build the notary cluster's program, and go is ${found}; ` +
      `update it from https://go.dev/dl, or use another notary: ${EMBEDDED}`,
    { needed, found },
  );
}

export type GoRun = { code: number | null; stdout: string; stderr: string };

/** Runs the go command, which ends when this process does. */
export async function runGo(
  args: readonly string[],
  options: { environment: NodeJS.ProcessEnv; cwd?: string; onLine?: (line: string) => void },
): Promise<GoRun> {
  const { environment, cwd, onLine } = options;
  const child = spawn("go", args, {
    // No other version of Go is fetched in silence.
    env: { ...environment, GOTOOLCHAIN: "local" },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
  });
  const end = () => child.kill();
  process.once("exit", end);
  try {
    const told = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      told.stdout = (told.stdout + text).slice(-OUTPUT_CHARACTERS_MAX);
    });
    createInterface(child.stderr).on("line", (line) => {
      told.stderr = `${told.stderr}${line}\n`.slice(-OUTPUT_CHARACTERS_MAX);
      onLine?.(line);
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, ...told };
  } finally {
    process.off("exit", end);
  }
}

function isAtLeast(found: string, needed: string): boolean {
  const [major = 0, minor = 0] = found.split(".").map(Number);
  const [majorMin = 0, minorMin = 0] = needed.split(".").map(Number);
  return major > majorMin || (major === majorMin && minor >= minorMin);
}
