import { linesOf, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/**
 * A rule that makes the code worse may be broken with its reason, on the line or the one above:
 *
 *     // tidy-allow function-length: one row per opcode, in the order of the specification
 */
export function isAllowed(violation: Violation, file: SourceFile): boolean {
  const lines = linesOf(file);
  return [lines[violation.line - 1], lines[violation.line - 2]].some(
    (line) => line?.match(/tidy-allow ([\w-]+): \S+/)?.[1] === violation.rule,
  );
}
