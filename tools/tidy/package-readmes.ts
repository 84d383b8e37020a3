import { linesOf, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const LINES_MAX = 60;

/** Each package and app explains itself on one screen. */
export function packageReadmes(files: SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap(({ path }) => {
    const [, folder, name] = /^((?:packages|apps)\/([^/]+))\/package\.json$/.exec(path) ?? [];
    if (folder === undefined || name === undefined) return [];
    const readme = byPath.get(`${folder}/README.md`);
    return checkReadme(`${folder}/README.md`, name, readme);
  });
}

function checkReadme(path: string, name: string, readme: SourceFile | undefined): Violation[] {
  const rule = "package-readme";
  const title = `# @stateset/${name}`;
  if (readme === undefined) {
    return [{ path, line: 1, rule, remedy: `write one that begins with "${title}"` }];
  }
  const lines = linesOf(readme);
  const violations: Violation[] = [];
  if (lines[0] !== title) {
    violations.push({ path, line: 1, rule, remedy: `begin with "${title}"` });
  }
  if (lines.length > LINES_MAX) {
    const remedy = `${lines.length} lines, at most ${LINES_MAX}: move the rest to docs/`;
    violations.push({ path, line: LINES_MAX + 1, rule, remedy });
  }
  return violations;
}
