import { posix } from "node:path";
import type { SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** What a package.json offers under `exports` and `bin` must exist. */
export function exportTargets(files: SourceFile[]): Violation[] {
  const paths = new Set(files.map(({ path }) => path));
  return files
    .filter(({ path }) => /^(packages|apps)\/[^/]+\/package\.json$/.test(path))
    .flatMap((manifest) =>
      targetsOf(manifest)
        .filter((target) => !paths.has(posix.join(posix.dirname(manifest.path), target)))
        .map((target) => ({
          path: manifest.path,
          line: lineOf(manifest, target),
          rule: "export-target",
          remedy: `${target} does not exist: create it or drop the entry`,
        })),
    );
}

function targetsOf(manifest: SourceFile): string[] {
  const { exports = {}, bin = {} } = JSON.parse(manifest.text) as Record<string, unknown>;
  return [...leaves(exports), ...leaves(bin)];
}

/** `exports` nests by path and by condition; the strings at the ends are the targets. */
function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}

function lineOf({ text }: SourceFile, target: string): number {
  return text.slice(0, text.indexOf(`"${target}"`)).split("\n").length;
}
