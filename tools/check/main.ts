// `npm run check`: the static checks, one after the other, up to the first that fails.
// Each is the script `check:<name>` of package.json and can be run alone.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, resolve } from "node:path";

const STEPS = [
  "format", // Biome: format and lint
  "types", // tsc, one program over all sources
  "lint", // rules that need types: floating promises
  "arrows", // the dependency table of ARCHITECTURE.md
  "unused", // unused files and exports, undeclared dependencies
  "manifests", // package.json hygiene
  "tidy", // the house rules
  "proto", // generated Go and TypeScript are what chain/proto makes
  "readme", // what the READMEs show, run
];

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: Record<string, string>;
};
const env = {
  ...process.env,
  PATH: [resolve("node_modules/.bin"), process.env.PATH].join(delimiter),
};

for (const [index, step] of STEPS.entries()) {
  const name = `check:${step}`;
  const command = scripts[name];
  if (command === undefined) throw new Error(`package.json has no script ${name}`);
  console.log(`── ${index + 1}/${STEPS.length} ${name}: ${command}`);
  const start = performance.now();
  const { status } = spawnSync(command, {
    env,
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`── ${name} failed after ${seconds} s. Again: npm run ${name}`);
    process.exit(1);
  }
  console.log(`── ${name} passed in ${seconds} s\n`);
}
console.log(`${STEPS.length} checks passed`);
