import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const SOURCES = [
  "packages/ledger/src/ledger-error.ts",
  "packages/codec/src/codec-error.ts",
  "packages/codec/src/keys/threshold-tree.ts",
];
const documented = codesIn(read("docs/spec/errors.md"), /^\| `([a-z-]+\/[a-z0-9-]+)` \|/gm);

test.each(SOURCES)("docs/spec/errors.md has every code of %s", (source) => {
  const declared = declaredIn(source);
  expect(declared.length).toBeGreaterThan(0);
  expect(declared.filter((code) => !documented.includes(code))).toEqual([]);
});

test("docs/spec/errors.md lists each code once, and none of these packages that is gone", () => {
  const declared = SOURCES.flatMap(declaredIn);
  const prefixes = new Set(declared.map((code) => code.split("/")[0]));
  const ours = documented.filter((code) => prefixes.has(code.split("/")[0]));
  expect(ours.toSorted()).toEqual(declared.toSorted());
});

/** The members of the file's union of faults, `| { code: "…"`. */
function declaredIn(source: string): string[] {
  return codesIn(read(source), /\| \{\s*code: "([^"]+)"/g);
}

function codesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, code]) => code as string);
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}
