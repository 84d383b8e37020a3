import { isCode, linesOf, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const LINES_MAX = 500;

export function fileLength(file: SourceFile): Violation[] {
  const lines = linesOf(file).length;
  if (!isCode(file) || lines <= LINES_MAX) return [];
  const remedy = `${lines} lines, at most ${LINES_MAX}: give each idea its own file`;
  return [{ path: file.path, line: LINES_MAX + 1, rule: "file-length", remedy }];
}
