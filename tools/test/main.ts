// npm test [-- --fail-on-skip]: every suite of the repository. The last line adds them up.
import { execFileSync } from "node:child_process";
import { runGoSuites } from "./go-suite.ts";
import { closingLine, forbiddenSkips } from "./suite-result.ts";
import { runVitest } from "./vitest-suite.ts";

// The Go host of the contract VM runs the very wasm that Node runs.
execFileSync(process.execPath, ["packages/contract-vm/test/emit-wasm.ts"], { stdio: "inherit" });

const results = [
  ...["unit", "scenario"].map((project) => {
    console.log(`\n── ${project}`);
    return runVitest(project);
  }),
  ...runGoSuites(),
];

console.log("\n── summary");
for (const result of results) {
  console.log(`${result.suite}: ${closingLine([result])}`);
  for (const skip of result.skipped) console.log(`  skipped: ${skip}`);
}

const unexpectedSkips = process.argv.includes("--fail-on-skip") ? forbiddenSkips(results) : [];
if (unexpectedSkips.length > 0) {
  console.log(`not allowed here: ${unexpectedSkips.length} skipped`);
}
console.log(closingLine(results));
const failed = results.some((result) => result.failed > 0);
process.exitCode = failed || unexpectedSkips.length > 0 ? 1 : 0;
