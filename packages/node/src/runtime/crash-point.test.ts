import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crashPoint } from "./crash-point.ts";

test("nothing is asked for, nothing happens", () => {
  expect(crashPoint({}, false)).toBeUndefined();
});

test.each([
  [{ STATESET_CRASH_POINT: "a#1" }, false, "node/not-development"],
  [{ STATESET_POINTS_FILE: "points" }, false, "node/not-development"],
  [{ STATESET_CRASH_POINT: "a" }, true, "node/bad-crash-point"],
  [{ STATESET_CRASH_POINT: "a#0" }, true, "node/bad-crash-point"],
])("%j with development %s is refused", (environment, isDevelopment, code) => {
  expect(() => crashPoint(environment, isDevelopment)).toThrow(expect.objectContaining({ code }));
});

test("the process ends at the passage named, and has told the points until then", () => {
  const folder = mkdtempSync(join(tmpdir(), "stateset-crash-"));
  const file = join(folder, "points");
  const script = `
    const { crashPoint } = await import(${JSON.stringify(new URL("crash-point.ts", import.meta.url))});
    const pass = crashPoint(process.env, true);
    for (const point of ["a", "b", "a", "c"]) pass(point);
  `;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, STATESET_CRASH_POINT: "a#2", STATESET_POINTS_FILE: file },
  });
  expect(signal).toBe("SIGKILL");
  expect(readFileSync(file, "utf8")).toBe("a\nb\na\n");
  rmSync(folder, { recursive: true });
});
