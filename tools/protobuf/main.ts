// `npm run generate:proto`: Go and TypeScript from chain/proto. With --check nothing is written, and
// a difference from what is committed fails.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const TOOL = import.meta.dirname;
const ROOT = join(TOOL, "../..");
const CHAIN = join(ROOT, "chain");
const GO_MODULE = "stateset.example/chain";
/** Where generated files are: these folders hold nothing else of such names. */
const GENERATED = [
  { language: "go", from: GO_MODULE, to: "chain", pattern: "x/*/types/*.pb.go" },
  {
    language: "ts",
    from: ".",
    to: "packages/notary/src/chain/generated",
    pattern: "**/*_pb.{js,d.ts}",
  },
];

const isCheck = process.argv.includes("--check");
const hasGo = spawnSync("go", ["version"]).status === 0;
if (hasGo || !isCheck || process.env.CI !== undefined) await generateInFolder();
else console.log("not compared: Go is missing");

async function generateInFolder(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "stateset-proto-"));
  try {
    await generate(work);
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function generate(work: string): Promise<void> {
  const path = installPlugins(work);
  buf(path, ["lint", "--path", "proto/stateset"]);
  for (const { language, from, to, pattern } of GENERATED) {
    const template = join(TOOL, `buf.gen.${language}.yaml`);
    const made = join(work, language);
    const only = language === "go" ? ["--path", "proto/stateset"] : [];
    buf(path, ["generate", "--template", template, "-o", made, ...only]);
    const [source, target] = [join(made, from), join(ROOT, to)];
    const different = differences(source, target, pattern);
    if (isCheck) report(different.map((file) => join(to, file)));
    else await replace(source, target, pattern);
  }
}

/** Buf and its plugins are large and rarely needed, so they are not the project's dependencies. */
function installPlugins(work: string): string {
  if (!existsSync(join(TOOL, "node_modules")))
    run("npm", ["ci", "--silent"], TOOL, process.env.PATH);
  const bin = join(work, "bin");
  mkdirSync(bin);
  run("go", ["build", "-o", bin, "github.com/cosmos/gogoproto/protoc-gen-gocosmos"], CHAIN);
  return [bin, join(TOOL, "node_modules/.bin"), process.env.PATH].join(delimiter);
}

function buf(path: string, args: string[]): void {
  run(join(TOOL, "node_modules/.bin/buf"), args, CHAIN, path);
}

function run(command: string, args: string[], cwd: string, PATH = process.env.PATH): void {
  execFileSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, PATH } });
}

function differences(source: string, target: string, pattern: string): string[] {
  const files = new Set([source, target].flatMap((cwd) => globSync(pattern, { cwd })));
  return [...files].filter((file) => {
    const [made, kept] = [join(source, file), join(target, file)];
    return !existsSync(made) || !existsSync(kept) || !readFileSync(made).equals(readFileSync(kept));
  });
}

function report(different: readonly string[]): void {
  for (const file of different) console.error(`${file} is not what chain/proto makes`);
  if (different.length === 0) return;
  console.error("run `npm run generate:proto` and commit what it writes");
  process.exitCode = 1;
}

async function replace(source: string, target: string, pattern: string): Promise<void> {
  for (const file of globSync(pattern, { cwd: target })) rmSync(join(target, file));
  for (const file of globSync(pattern, { cwd: source })) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    await cp(join(source, file), join(target, file));
  }
}
