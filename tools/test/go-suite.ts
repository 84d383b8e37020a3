import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { type GoEvent, readGoEvents } from "./go-events.ts";
import type { SuiteResult } from "./suite-result.ts";

/** The Go modules of this repository. */
const MODULES = "{chain,test-vectors}/**/go.mod";

export function runGoSuites(): SuiteResult[] {
  const folders = globSync(MODULES)
    .map((file) => dirname(file))
    .sort();
  const hasGo = spawnSync("go", ["version"]).status === 0;
  return folders.map((folder) => (hasGo ? runGo(folder) : skipGo(folder)));
}

function skipGo(folder: string): SuiteResult {
  return { suite: `go ${folder}`, passed: 0, failed: 0, skipped: [`go ${folder}: Go is missing`] };
}

function runGo(folder: string): SuiteResult {
  const suite = `go ${folder}`;
  console.log(`\n── ${suite}`);
  const vet = go(folder, ["vet", "./..."], "inherit");
  if (vet.status !== 0) return { suite, passed: 0, failed: 1, skipped: [] };
  // Go's cache does not see files outside the module, such as the vectors: count=1 keeps it out.
  const test = go(folder, ["test", "-count=1", "-json", "./..."], "pipe");
  const events = parseEvents(test.stdout);
  for (const { Output } of events.filter(isWorthShowing(events)))
    process.stdout.write(Output ?? "");
  const result = readGoEvents(suite, events);
  const failedUnseen = test.status !== 0 && result.failed === 0;
  return failedUnseen ? { ...result, failed: 1 } : result;
}

/** One line per package, and all that failed tests printed. */
function isWorthShowing(events: GoEvent[]): (event: GoEvent) => boolean {
  const key = ({ Package, Test }: GoEvent) => `${Package} ${Test}`;
  const failed = new Set(events.filter(({ Action }) => Action === "fail").map(key));
  return (event) => event.Test === undefined || failed.has(key(event));
}

function go(folder: string, args: string[], stdout: "inherit" | "pipe") {
  return spawnSync("go", args, {
    cwd: folder,
    stdio: ["ignore", stdout, "inherit"],
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
}

/** A line that is no JSON comes from the build and is shown as it is. */
function parseEvents(output: string): (GoEvent & { Output?: string })[] {
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line.startsWith("{")
        ? (JSON.parse(line) as GoEvent & { Output?: string })
        : { Action: "output", Output: `${line}\n` },
    );
}
