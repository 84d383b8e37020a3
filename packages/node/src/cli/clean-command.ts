import { lstat, readdir, readlink, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
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
      const paths = entries.map((entry) => join(options.dir, entry));
      for (const path of paths)
        output.note(`${options.dryRun ? "would remove" : "removing"} ${path}`);
      if (!options.dryRun && paths.length > 0) await rm(folder, { recursive: true });
      const removed = options.dryRun ? [] : paths;
      output.answer({ removed, found: paths }, [
        paths.length === 0 ? "nothing to remove" : `${removed.length} of ${paths.length} removed`,
      ]);
    });
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
