import { isGenerated, isProduction, isTypeScript, type SourceFile } from "./source-file.ts";
import { lineAt, visit } from "./syntax-tree.ts";
import type { Violation } from "./violation.ts";

/** The command line and the composition root; all else returns values, logs, or takes settings. */
const COMMAND_LINE = /^packages\/node\/src\/(main\.ts|cli\/)/;
const COMPOSITION_ROOT = /^packages\/node\//;

export function bannedSyntax(file: SourceFile): Violation[] {
  if (!isTypeScript(file) || isGenerated(file)) return [];
  const violations: Violation[] = [];
  const ban = (start: number, rule: string, remedy: string) => {
    violations.push({ path: file.path, line: lineAt(file, start), rule, remedy });
  };
  visit(file, {
    TSEnumDeclaration: ({ start }) => ban(start, "enum", "use a union of strings"),
    ExportAllDeclaration: ({ start }) => ban(start, "export-all", "name each export"),
    TSImportType: ({ start }) =>
      ban(start, "inline-import-type", "use `import type`: the dependency check cannot see this"),
    MemberExpression: ({ start, object, property }) => {
      if (!isProduction(file) || object.type !== "Identifier") return;
      if (object.name === "console" && !COMMAND_LINE.test(file.path)) {
        ban(start, "console", "return the value, or take a logger; the command line alone prints");
      }
      const readsEnvironment = property.type === "Identifier" && property.name === "env";
      if (object.name === "process" && readsEnvironment && !COMPOSITION_ROOT.test(file.path)) {
        ban(
          start,
          "environment",
          "take it as an option; packages/node alone reads the environment",
        );
      }
    },
  });
  return violations;
}
