import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("docs/spec/apps.md lists every code, and none that is gone", () => {
  const codesIn = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, code]) => code).sort();
  const declared = codesIn(read("app-error.ts"), /\| \{\s*code: "([^"]+)"/g);
  expect(declared.length).toBeGreaterThan(0);
  expect(codesIn(read("../../../../docs/spec/apps.md"), /^\| `(app\/[a-z-]+)` \|/gm)).toEqual(
    declared,
  );
});
