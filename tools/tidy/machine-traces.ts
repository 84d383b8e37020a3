import { linesOf, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const ABSOLUTE_PATH = /(?<![\w.~}-])\/(?:work|home|root|Users)\/[\w.-]/;
const REGISTRY_HOST =
  /\b(?:registry|proxy|goproxy|sum|npm)\.[a-z0-9-]+\.(?:org|com|io|dev)\b|"resolved": "https?:/;

/** A clone must work anywhere: no path of this machine, and no host to fetch packages from. */
export function machineTraces(file: SourceFile): Violation[] {
  return linesOf(file).flatMap((text, index) => {
    const at = { path: file.path, line: index + 1 };
    const violations: Violation[] = [];
    if (ABSOLUTE_PATH.test(text)) {
      violations.push({ ...at, rule: "absolute-path", remedy: "use a path relative to the root" });
    }
    if (REGISTRY_HOST.test(text)) {
      violations.push({ ...at, rule: "registry-host", remedy: "leave the host to npm's settings" });
    }
    return violations;
  });
}
