// `npm run lock`: brings the lock files up to date, complete for every platform.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeLock } from "./complete-lock.ts";
import type { LockFile } from "./lock-file.ts";

/** The project, and what is installed apart from it. */
const FOLDERS = [".", "tools/protobuf"];

for (const folder of FOLDERS) {
  const path = join(folder, "package-lock.json");
  npmInstall(folder);
  const { lock, added } = completeLock(JSON.parse(readFileSync(path, "utf8")) as LockFile);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  npmInstall(folder); // npm marks the new entries as development ones and sorts their fields.
  for (const name of added) console.log(`added ${name} (not in this registry: no integrity hash)`);
}

function npmInstall(cwd: string): void {
  execFileSync("npm", ["install"], { cwd, stdio: "inherit", shell: process.platform === "win32" });
}
