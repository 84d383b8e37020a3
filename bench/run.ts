// npm run bench -- NAME [--json]
import { readdirSync } from "node:fs";
import type { Figure, Report } from "./figure.ts";
import { table } from "./table.ts";

const SUFFIX = ".bench.ts";

const json = process.argv.includes("--json");
const [name] = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));

if (name === undefined || !names.includes(name)) {
  console.error(
    name === undefined ? "usage: npm run bench -- NAME [--json]" : `no benchmark "${name}"`,
  );
  console.error(`benchmarks: ${names.join(", ") || "none yet"}`);
  process.exit(2);
}

const figures: Figure[] = [];
const { run } = (await import(`./${name}${SUFFIX}`)) as { run: (report: Report) => Promise<void> };
await run((measured) => {
  const figure = { bench: name, ...measured };
  figures.push(figure);
  if (json) console.log(JSON.stringify(figure));
  else console.error(`measured ${figure.figure}`);
});
if (!json) console.log(table(figures));
