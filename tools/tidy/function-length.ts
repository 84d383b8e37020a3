import { isGenerated, isTest, isTypeScript, type SourceFile } from "./source-file.ts";
import { lineAt, visit } from "./syntax-tree.ts";
import type { Violation } from "./violation.ts";

const LINES_MAX = 70;

export function functionLength(file: SourceFile): Violation[] {
  if (!isTypeScript(file) || isTest(file) || isGenerated(file)) return [];
  const violations: Violation[] = [];
  const check = ({ start, end }: { start: number; end: number }) => {
    const line = lineAt(file, start);
    const lines = lineAt(file, end) - line + 1;
    if (lines <= LINES_MAX) return;
    const remedy = `${lines} lines, at most ${LINES_MAX}: move the leaf work into functions of its own`;
    violations.push({ path: file.path, line, rule: "function-length", remedy });
  };
  visit(file, {
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
  });
  return violations;
}
