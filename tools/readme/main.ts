// Runs what the READMEs show: every TypeScript block, and the root README's `npx stateset` commands.
import { globSync, readFileSync } from "node:fs";
import { codeBlocks, statesetCommands } from "./code-blocks.ts";
import { type Outcome, runCommand, runTypeScript } from "./run-example.ts";

const ROOT_README = "README.md";

let ran = 0;
let failed = 0;

for (const path of globSync([ROOT_README, "{packages,apps}/*/README.md"]).sort()) {
  for (const block of codeBlocks(readFileSync(path, "utf8"))) {
    if (block.language === "ts") {
      report(`${path}:${block.line}`, runTypeScript(`${path}-${block.line}`, block.code));
    }
    if (block.language === "console" && path === ROOT_README) {
      for (const { line, command } of statesetCommands(block)) {
        report(`${path}:${line}  ${command}`, runCommand(command));
      }
    }
  }
}
console.log(`readme: ${ran} examples ran, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function report(example: string, { ok, output }: Outcome): void {
  ran++;
  if (ok) return;
  failed++;
  console.error(
    `${example}  readme-example: must exit 0; correct the example or the code\n${output}`,
  );
}
