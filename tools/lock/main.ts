// `npm run lock`: brings the lock file up to date, complete for every platform.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { completeLock } from "./complete-lock.ts";
import type { LockFile } from "./lock-file.ts";

const LOCK_PATH = "package-lock.json";

npmInstall();
const { lock, added } = completeLock(JSON.parse(readFileSync(LOCK_PATH, "utf8")) as LockFile);
writeFileSync(LOCK_PATH, `${JSON.stringify(lock, null, 2)}\n`);
npmInstall(); // npm marks the new entries as development ones and sorts their fields.
for (const name of added) console.log(`added ${name} (not in this registry: no integrity hash)`);

function npmInstall(): void {
  execFileSync("npm", ["install"], { stdio: "inherit", shell: process.platform === "win32" });
}
