import { expect, test } from "vitest";
import { completeLock } from "./complete-lock.ts";
import { type LockFile, missingPackages } from "./lock-file.ts";

const lock: LockFile = {
  lockfileVersion: 3,
  packages: {
    "": {},
    "node_modules/tool": {
      version: "1.0.0",
      optionalDependencies: { "@tool/darwin-arm64": "1.0.0", "@tool/linux-x64": "1.0.0" },
    },
    "node_modules/@tool/linux-x64": { version: "1.0.0", optional: true },
  },
};

test("adds what is missing and nothing else", () => {
  const { lock: completed, added } = completeLock(lock);
  expect(added).toEqual(["@tool/darwin-arm64@1.0.0"]);
  expect(completed.packages["node_modules/@tool/darwin-arm64"]).toEqual({
    version: "1.0.0",
    optional: true,
    os: ["darwin"],
    cpu: ["arm64"],
  });
  expect(missingPackages(completed)).toEqual([]);
});

test("finds a package in the node_modules of a folder above", () => {
  const nested = {
    packages: {
      "node_modules/a/node_modules/tool": { optionalDependencies: { "@tool/linux-x64": "1.0.0" } },
      "node_modules/a/node_modules/@tool/linux-x64": {},
    },
  };
  expect(missingPackages(nested)).toEqual([]);
});

test("refuses to guess a version or a platform", () => {
  const unknown = {
    packages: { "node_modules/a": { optionalDependencies: { fsevents: "~2.3.3" } } },
  };
  expect(() => completeLock(unknown)).toThrow("fsevents@~2.3.3");
});
