import { isCode, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const CHECKED = /^(packages|apps|tools|bench)\//;
/** One kebab-case word group, then any number of suffixes: `soft-lock.test.ts`. */
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/;
const EMPTY_NAMES = /^(utils?|helpers?|common|types|misc)(\.|$)/;

export function fileNames(file: SourceFile): Violation[] {
  if (!CHECKED.test(file.path) || !isCode(file)) return [];
  const names = file.path.split("/");
  const at = { path: file.path, line: 1 };
  if (names.some((name) => EMPTY_NAMES.test(name))) {
    return [{ ...at, rule: "empty-name", remedy: "name the concept, or put it beside its user" }];
  }
  if (!names.every((name) => KEBAB_CASE.test(name))) {
    return [{ ...at, rule: "kebab-case", remedy: "write the name in lower-case-with-hyphens" }];
  }
  return [];
}
