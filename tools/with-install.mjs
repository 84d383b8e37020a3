// Runs a command on the pinned Node, installing the dependencies first if they are missing or old.
//
//   node tools/with-install.mjs COMMAND [ARGUMENT …]     COMMAND is looked up in node_modules/.bin
//   node tools/with-install.mjs --installed              only notes that the install is current
//
// Plain JavaScript without dependencies: on a fresh clone the host's Node (20 or later) runs it.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const binFolder = join(root, "node_modules", ".bin");
const stampPath = join(root, "node_modules", ".stateset-install");
const isWindows = process.platform === "win32";

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error("usage: node tools/with-install.mjs COMMAND [ARGUMENT …]");
  process.exit(2);
}
if (command === "--installed") {
  if (existsSync(binFolder)) noteInstalled();
} else {
  if (!isInstalled()) install();
  run();
}

/** What an install depends on. The platform counts: a folder copied from another one is of no use. */
function installKey() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const digest = createHash("sha256").update(lock).digest("hex");
  return `${digest} ${process.platform}-${process.arch}\n`;
}

function isInstalled() {
  return existsSync(stampPath) && readFileSync(stampPath, "utf8") === installKey();
}

function install() {
  console.error("Installing dependencies (npm ci) …");
  // stdout stays free for the command: its output may be read by a program.
  // The development tools are needed even where NODE_ENV says "production".
  const npmArgs = ["ci", "--include=dev", "--include=optional", "--loglevel=error"];
  const { status, error } = spawnSync("npm", npmArgs, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: isWindows,
  });
  if (status !== 0) {
    console.error(`npm ci failed${error ? `: ${error.message}` : ""}`);
    process.exit(status ?? 1);
  }
  noteInstalled(); // The root's postinstall has done so, unless the user's npm ignores scripts.
}

function noteInstalled() {
  linkPinnedNode();
  writeFileSync(stampPath, installKey());
}

/** npm 10 installs the right one of several packages with a `node`, but forgets its link. */
function linkPinnedNode() {
  const link = join(binFolder, "node");
  if (isWindows || existsSync(link)) return;
  const platform = `${process.platform}-${process.arch}`;
  const pinned = [`node-${platform}`, `node-bin-${platform}`]
    .map((name) => join(root, "node_modules", name, "bin", "node"))
    .find((path) => existsSync(path));
  if (pinned !== undefined) {
    symlinkSync(relative(binFolder, pinned), link);
  } else if (Number.parseInt(process.versions.node, 10) < 24) {
    console.error(`There is no pinned Node for ${platform}: the host's must be 24 or later`);
    process.exit(1);
  }
}

function run() {
  const child = spawn(command, args, {
    env: { ...process.env, PATH: [binFolder, process.env.PATH].join(delimiter) },
    stdio: "inherit",
    shell: isWindows,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // The terminal sends Ctrl-C to the child as well, and a second one would mean "at once".
      const childHasIt = signal === "SIGINT" && process.stdin.isTTY;
      if (!childHasIt) child.kill(signal);
    });
  }
  if (process.env.npm_lifecycle_event !== undefined) stopWithNpm(child);
  child.on("error", (error) => {
    console.error(`${command}: ${error.message}`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

/** npm passes a SIGTERM only to the shell between it and us, which dies and leaves us running. */
function stopWithNpm(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill("SIGTERM");
  }, 200);
}
