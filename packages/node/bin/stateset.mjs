#!/usr/bin/env node
// Runs the command line on the pinned Node 24, whichever Node started this. Plain JavaScript, because
// a host's Node 20 cannot read TypeScript.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const pinned = join(root, "node_modules/.bin/node");
const main = join(root, "packages/node/src/main.ts");
// A busy node's heap would grow to three times what it uses, and the C library keeps memory for each
// thread.
const memoryFlags = ["--max-semi-space-size=8", "--max-old-space-size=512"];
// Compiled modules are kept between runs: starting takes less than half the time, and less memory.
const cache = join(root, "node_modules/.cache/stateset");

const child = spawn(
  existsSync(pinned) ? pinned : process.execPath,
  ["--disable-warning=ExperimentalWarning", ...memoryFlags, main, ...process.argv.slice(2)],
  { stdio: "inherit", env: { NODE_COMPILE_CACHE: cache, MALLOC_ARENA_MAX: "1", ...process.env } },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`stateset: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
