import { expect, test } from "vitest";
import { platformOf } from "./platform-of.ts";

test.each([
  ["@biomejs/cli-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }],
  ["@biomejs/cli-linux-x64-musl", { os: ["linux"], cpu: ["x64"], libc: ["musl"] }],
  ["@swc/core-linux-arm-gnueabihf", { os: ["linux"], cpu: ["arm"], libc: ["glibc"] }],
  ["@oxc-parser/binding-win32-ia32-msvc", { os: ["win32"], cpu: ["ia32"] }],
  ["@bufbuild/buf-linux-armv7", { os: ["linux"], cpu: ["arm"] }],
  ["@bufbuild/buf-linux-aarch64", { os: ["linux"], cpu: ["arm64"] }],
  ["@oxlint-tsgolint/linux-x64", { os: ["linux"], cpu: ["x64"] }],
])("%s", (name, platform) => {
  expect(platformOf(name)).toEqual(platform);
});

test("a name without a platform has none", () => {
  expect(platformOf("fsevents")).toBeUndefined();
});
