// The house rules that no other tool checks. docs: CONTRIBUTING.md, "Style".
import { checkFiles } from "./check-files.ts";
import { repositoryFiles } from "./repository-files.ts";
import { formatViolation } from "./violation.ts";

const files = repositoryFiles();
const violations = checkFiles(files);
for (const violation of violations) console.error(formatViolation(violation));
console.log(`tidy: ${files.length} files, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
