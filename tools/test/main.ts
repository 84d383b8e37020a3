// npm test [-- --fail-on-skip]: every suite of the repository. The last line adds them up.
import { execFileSync, spawnSync } from "node:child_process";
import { builtNotaryd } from "../../packages/node/src/local/built-notaryd.ts";
import { runGoSuites } from "./go-suite.ts";
import { closingLine, forbiddenSkips } from "./suite-result.ts";
import { runVitest } from "./vitest-suite.ts";

// The Go host of the contract VM runs the very wasm that Node runs.
execFileSync(process.execPath, ["packages/contract-vm/test/emit-wasm.ts"], { stdio: "inherit" });

// Compiled before the scenarios that need it: some hundred packages would take the time of theirs.
if (spawnSync("go", ["version"]).status === 0) await builtNotaryd({ onProgress: told() });

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

/** A line for each tenth of a large build. */
function told(): (text: string) => void {
  let lines = 0;
  return (text) => {
    if (lines++ % 100 === 0) console.log(text);
  };
}
