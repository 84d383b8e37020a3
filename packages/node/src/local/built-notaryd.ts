import { createHash, randomUUID } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RequestError } from "../request-error.ts";
import { goNeeded, runGo } from "./go-command.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
/** Beside built apps: it goes when the dependencies do. */
const CACHE = join(ROOT, "node_modules/.cache/stateset-notaryd");
/** Data files may be embedded by any package, so all but tests and texts for people count. */
const SOURCES = "chain/**/*";
const NO_SOURCE = /_test\.go$|\.md$|\.proto$|(^|\/)testdata\//;
/** Networks that run may need an older one for a restart. */
const OTHERS_KEPT = 2;
/** What a build that was killed left behind. */
const PART_KEPT_MS = 86_400_000;
/** What Go is given: its settings from elsewhere must not change what is built, or fetch another Go. */
const BUILD = ["build", "-v", "-mod=readonly", "-buildvcs=false", "-ldflags=-s -w"];
const LAST_WORDS = 2000;

export type NotarydOptions = {
  /** Told of what takes minutes the first time. */
  onProgress?: (text: string) => void;
  environment?: NodeJS.ProcessEnv;
  /** Where sources and cache are: this repository's unless given. */
  root?: string;
  cache?: string;
};

/**
 * The program of a cluster's member, compiled from this repository's sources. What was built of the
 * same sources before is taken as it was, and needs no Go.
 * @returns its path
 * @throws RequestError `network/go-missing`, `network/go-too-old`, `network/notaryd-not-built`
 */
export async function builtNotaryd(options: NotarydOptions = {}): Promise<string> {
  const { root = ROOT, cache = CACHE } = options;
  const sources = hashOfSources(root);
  const path = join(cache, `notaryd-${sources}`);
  if (await isThere(path)) {
    const now = new Date();
    await utimes(path, now, now).catch(() => {}); // somebody else's cache can be used as well
    return path;
  }
  await mkdir(cache, { recursive: true });
  const part = `${path}.${randomUUID()}.part`;
  try {
    await build(part, { ...options, root });
    // Sources that changed meanwhile have their own hash, and what was built may be of either.
    const built = join(cache, `notaryd-${hashOfSources(root)}`);
    if (built !== path) return await builtNotaryd(options);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
  await removeOlder(cache, path);
  return path;
}

async function build(
  output: string,
  { root, environment = process.env, onProgress }: NotarydOptions & { root: string },
): Promise<void> {
  const chain = join(root, "chain");
  await goNeeded(join(chain, "go.mod"), environment);
  onProgress?.("notaryd is built, which takes minutes the first time");
  let packages = 0;
  const { code, stderr } = await runGo([...BUILD, "-o", output, "./cmd/notaryd"], {
    cwd: chain,
    environment,
    onLine: (line) =>
      onProgress?.(`notaryd is built, minutes the first time: package ${++packages}, ${line}`),
  });
  if (code === 0) return;
  throw new RequestError(
    "network/notaryd-not-built",
    "The notary cluster's program could not be built by go build; mend what it says, or use " +
      `--notary embedded, which needs none:\n${stderr.slice(-LAST_WORDS).trim()}`,
    { folder: chain },
  );
}

function hashOfSources(root: string): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const path of globSync(SOURCES, { cwd: root }).sort()) {
    if (NO_SOURCE.test(path) || !statSync(join(root, path)).isFile()) continue;
    const content = readFileSync(join(root, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 32);
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function removeOlder(cache: string, path: string): Promise<void> {
  const others = globSync("notaryd-*", { cwd: cache })
    .map((name) => join(cache, name))
    .filter((each) => each !== path)
    .map((each) => ({ each, at: statSync(each, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  const isPart = ({ each }: { each: string }) => each.endsWith(".part");
  const stale = others.filter((other) => isPart(other) && other.at < Date.now() - PART_KEPT_MS);
  const older = others.filter((other) => !isPart(other)).slice(OTHERS_KEPT);
  for (const { each } of [...stale, ...older]) await rm(each, { force: true });
}
