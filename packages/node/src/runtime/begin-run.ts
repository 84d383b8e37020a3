import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Log, Store, StoreRun } from "@stateset/flow";

/**
 * Counts a start of the node in its database, and remembers it in the data folder, outside the
 * database: so a database that was restored from a backup is known by what it has forgotten, and
 * begins a new incarnation.
 */
export async function beginRun(
  store: Pick<Store, "begin">,
  { dataFolder, log }: { dataFolder: string; log: Log },
): Promise<StoreRun> {
  const path = join(dataFolder, "run.json");
  const seen = readRun(path, log);
  const begun = await store.begin(seen);
  // Before any peer hears of the run.
  writeRun(path, begun);
  if (seen !== undefined && seen.incarnation !== begun.incarnation)
    log("warn", "the database is not as this node left it: restored or replaced, it begins anew", {
      ...{ before: seen.incarnation, runBefore: seen.run },
      ...{ incarnation: begun.incarnation, run: begun.run },
    });
  return begun;
}

/** A run that no database has: where nothing can be known, a new incarnation is the safe answer. */
const UNKNOWN_RUN: StoreRun = { incarnation: "00000000-0000-0000-0000-000000000000", run: 0 };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const RUN_MAX = 2 ** 31 - 1;

function readRun(path: string, log: Log): StoreRun | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const run = parsed(text);
  if (run === undefined)
    log("warn", "what the node remembered of its last run is damaged", { path });
  return run ?? UNKNOWN_RUN;
}

function parsed(text: string): StoreRun | undefined {
  try {
    const { incarnation, run, mark } = JSON.parse(text) as Partial<StoreRun>;
    if (typeof incarnation !== "string" || !UUID.test(incarnation)) return undefined;
    if (typeof run !== "number" || !Number.isInteger(run) || run < 0 || run > RUN_MAX)
      return undefined;
    return { incarnation, run, ...(typeof mark === "string" && { mark }) };
  } catch {
    return undefined;
  }
}

/** Whole or not at all, and on disk when it returns: the folder's entry too. */
function writeRun(path: string, run: StoreRun): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = `${path}.part`;
  const file = openSync(part, "w", 0o600);
  try {
    writeSync(file, `${JSON.stringify(run)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
  if (process.platform === "win32") return; // Folders cannot be opened there.
  const entry = openSync(folder, "r");
  try {
    fsyncSync(entry);
  } finally {
    closeSync(entry);
  }
}
