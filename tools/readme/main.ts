// Runs what the READMEs show: every TypeScript block, and the root README's `npx stateset` commands.
import { globSync, readFileSync } from "node:fs";
import { codeBlocks, statesetCommands } from "./code-blocks.ts";
import { type Outcome, runCommands, runTypeScript } from "./run-example.ts";

const ROOT_README = "README.md";

let ran = 0;
let failed = 0;

for (const path of globSync([ROOT_README, "{packages,apps}/*/README.md"]).sort()) {
  const blocks = codeBlocks(readFileSync(path, "utf8"));
  for (const { language, line, code } of blocks)
    if (language === "ts") report(`${path}:${line}`, runTypeScript(`${path}-${line}`, code));
  if (path !== ROOT_README) continue;
  const commands = blocks
    .filter(({ language }) => language === "console")
    .flatMap(statesetCommands);
  const outcomes = runCommands(commands.map(({ command }) => command));
  for (const [i, { line, command }] of commands.entries())
    report(`${path}:${line}  ${command}`, outcomes[i] as Outcome);
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
