import { isAllowed } from "./allowance.ts";
import { bannedSyntax } from "./banned-syntax.ts";
import { bannedWords } from "./banned-words.ts";
import { completeLockFile } from "./complete-lock-file.ts";
import { exportTargets } from "./export-targets.ts";
import { fileLength } from "./file-length.ts";
import { fileNames } from "./file-names.ts";
import { functionLength } from "./function-length.ts";
import { machineTraces } from "./machine-traces.ts";
import { packageReadmes } from "./package-readmes.ts";
import type { SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const FILE_RULES = [
  fileLength,
  functionLength,
  bannedWords,
  bannedSyntax,
  fileNames,
  machineTraces,
];
const REPOSITORY_RULES = [packageReadmes, exportTargets, completeLockFile];

export function checkFiles(files: SourceFile[]): Violation[] {
  return [
    ...files.flatMap((file) =>
      FILE_RULES.flatMap((rule) => rule(file)).filter((violation) => !isAllowed(violation, file)),
    ),
    ...REPOSITORY_RULES.flatMap((rule) => rule(files)),
  ];
}
