import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { SourceFile } from "./source-file.ts";

/** Every text file that is tracked, or would be after `git add .`. */
export function repositoryFiles(): SourceFile[] {
  // Git refuses a clone that another user owns, as in a container; here it only lists names.
  const arguments_ = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others"];
  const list = execFileSync("git", [...arguments_, "--exclude-standard"], { encoding: "utf8" });
  return list
    .split("\0")
    .filter((path) => path !== "" && existsSync(path)) // a deleted file stays listed until staged
    .map((path) => ({ path, text: readFileSync(path, "utf8") }))
    .filter(({ text }) => !text.includes("\0"));
}
