import { type LockFile, missingPackages } from "../lock/lock-file.ts";
import type { SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** `npm ci` fails everywhere if the lock lacks the packages of one platform. */
export function completeLockFile(files: SourceFile[]): Violation[] {
  const lockFile = files.find(({ path }) => path === "package-lock.json");
  if (lockFile === undefined) return [];
  return missingPackages(JSON.parse(lockFile.text) as LockFile).map(({ name, version }) => ({
    path: lockFile.path,
    line: 1,
    rule: "incomplete-lock",
    remedy: `${name}@${version} is missing: run \`npm run lock\``,
  }));
}
