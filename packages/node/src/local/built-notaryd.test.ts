import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { builtNotaryd } from "./built-notaryd.ts";

let root: string;
let options: { root: string; cache: string; environment: NodeJS.ProcessEnv };

/** Stands for Go: says its version, and builds a file that holds the main program's source. */
const GO = `#!/bin/sh
case "$1" in
env) echo "\${GO_SAYS:-go1.26.1}" ;;
build)
  echo built >> "$GO_LOG"
  echo stateset.example/chain/app >&2
  [ -n "$GO_FAILS" ] && echo "it does not compile" >&2 && exit 1
  while [ "$1" != "-o" ]; do shift; done
  cp cmd/notaryd/main.go "$2"
  ;;
esac
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stateset-notaryd-"));
  mkdirSync(join(root, "chain/cmd/notaryd"), { recursive: true });
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/go"), GO);
  chmodSync(join(root, "bin/go"), 0o755);
  writeFileSync(join(root, "chain/go.mod"), "module chain\n\ngo 1.25.0\n");
  write("main.go", "one");
  options = {
    root,
    cache: join(root, "cache"),
    environment: { PATH: `${join(root, "bin")}:/bin:/usr/bin`, GO_LOG: join(root, "log") },
  };
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, content: string): void {
  writeFileSync(join(root, "chain/cmd/notaryd", name), content);
}

const builds = () => (existsSync(join(root, "log")) ? readFileSync(join(root, "log"), "utf8") : "");

test("it is built once for each state of its sources, and the build tells of itself", async () => {
  const told: string[] = [];
  const first = await builtNotaryd({ ...options, onProgress: (text) => told.push(text) });
  expect(told.at(-1)).toMatch(/package 1, stateset.example\/chain\/app/);
  expect(await builtNotaryd(options)).toBe(first);
  write("main_test.go", "no source");
  expect(await builtNotaryd(options)).toBe(first);
  expect(builds()).toBe("built\n");
  write("main.go", "two");
  const second = await builtNotaryd(options);
  expect(readFileSync(second, "utf8")).toBe("two");
  write("data.txt", "embedded");
  expect(await builtNotaryd(options)).not.toBe(second);
  expect(builds()).toBe("built\nbuilt\nbuilt\n");
});

test("two that start at once both get it, and nothing else is left", async () => {
  const [one, other] = await Promise.all([builtNotaryd(options), builtNotaryd(options)]);
  expect(one).toBe(other);
  expect(readdirSync(options.cache)).toHaveLength(1);
});

test("of older ones two stay", async () => {
  for (const content of ["a", "b", "c", "d", "e"]) {
    write("main.go", content);
    await builtNotaryd(options);
  }
  const contents = readdirSync(options.cache).map((name) =>
    readFileSync(join(options.cache, name), "utf8"),
  );
  expect(contents).toHaveLength(3);
  expect(contents).toContain("e");
});

test("what was built before needs no Go", async () => {
  const path = await builtNotaryd(options);
  const environment = { PATH: "/nowhere" };
  expect(await builtNotaryd({ ...options, environment })).toBe(path);
});

test.each<[string, NodeJS.ProcessEnv, string, RegExp]>([
  ["no Go", { PATH: "/nowhere" }, "network/go-missing", /Go ≥ 1\.25 .*--notary embedded/],
  ["an old Go", { GO_SAYS: "go1.24.9" }, "network/go-too-old", /go is 1\.24; .*embedded/],
  ["faulty sources", { GO_FAILS: "1" }, "network/notaryd-not-built", /it does not compile/],
])("with %s it says so, and leaves nothing", async (_, change, code, detail) => {
  const environment = { ...options.environment, ...change };
  const built = builtNotaryd({ ...options, environment });
  await expect(built).rejects.toMatchObject({ code, message: expect.stringMatching(detail) });
  expect(existsSync(options.cache) ? readdirSync(options.cache) : []).toEqual([]);
});

test.each(["go1.25", "go1.25.3", "go2.0", "devel +abc"])("%s will do", async (version) => {
  const environment = { ...options.environment, GO_SAYS: version };
  expect(existsSync(await builtNotaryd({ ...options, environment }))).toBe(true);
});
