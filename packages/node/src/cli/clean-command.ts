import { existsSync, globSync } from "node:fs";
import { lstat, readdir, readlink, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { isControlled } from "../local/control-channel.ts";
import { dataOutside } from "../local/data-outside.ts";
import { RequestError } from "../request-error.ts";
import { example, outputOf } from "./command-output.ts";

const STATE_FOLDER = ".stateset";

export function addCleanCommand(program: Command): void {
  program
    .command("clean")
    .description("remove local state, after saying what it will remove")
    .option("--dir <folder>", "the folder with the state", STATE_FOLDER)
    .option("--dry-run", "only say what would be removed")
    .addHelpText("after", example("clean --dry-run", "clean"))
    .action(async (options: { dir: string; dryRun?: boolean }, command: Command) => {
      const output = outputOf(command);
      const folder = resolve(options.dir);
      const entries = await stateIn(folder);
      const networks = networksIn(folder);
      for (const each of networks) await assertNotRunning(each);
      const outside = (await Promise.all(networks.map(dataOutside))).flat();
      const paths = [...entries.map((entry) => join(options.dir, entry)), ...outside];
      for (const path of paths)
        output.note(`${options.dryRun ? "would remove" : "removing"} ${path}`);
      if (!options.dryRun)
        for (const path of [...outside, folder]) await rm(path, { recursive: true, force: true });
      const removed = options.dryRun ? [] : paths;
      output.answer({ removed, found: paths }, [
        paths.length === 0 ? "nothing to remove" : `${removed.length} of ${paths.length} removed`,
      ]);
    });
}

/** The network of the folder itself, and those of demos that were ended before they could clean up. */
function networksIn(folder: string): string[] {
  const demos = globSync("*/stateset.json", { cwd: folder }).map((marker) => dirname(marker));
  return [folder, ...demos.map((name) => join(folder, name))];
}

/** A network that runs would lose its data under its hands. */
async function assertNotRunning(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  if (!(await isControlled(folder))) return;
  throw new RequestError(
    "network/already-running",
    `A network runs on ${folder}: end it first, with stateset network down --dir ${folder}`,
    { folder },
  );
}

/** What lies in a state folder; anything that does not look like one is refused. */
async function stateIn(folder: string): Promise<string[]> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isSymbolicLink())
    throw new RequestError("clean/not-a-state-folder", `${folder} is a link`, {
      folder,
      target: await readlink(folder),
    });
  const isNamedSo = folder.split(/[/\\]/).at(-1) === STATE_FOLDER;
  const entries = found.isDirectory() ? await readdir(folder) : undefined;
  if (entries === undefined || !(isNamedSo || entries.includes("stateset.json")))
    throw new RequestError(
      "clean/not-a-state-folder",
      `${folder} is neither called ${STATE_FOLDER} nor holds a stateset.json`,
      { folder },
    );
  return entries;
}
