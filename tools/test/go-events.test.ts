import { expect, test } from "vitest";
import { readGoEvents } from "./go-events.ts";

test("counts tests, not packages", () => {
  const events = [
    { Action: "run", Package: "a", Test: "TestOne" },
    { Action: "pass", Package: "a", Test: "TestOne" },
    { Action: "fail", Package: "a", Test: "TestTwo" },
    { Action: "skip", Package: "a", Test: "TestThree" },
    { Action: "fail", Package: "a" },
    { Action: "pass", Package: "b" },
  ];
  expect(readGoEvents("go", events)).toEqual({
    suite: "go",
    passed: 1,
    failed: 1,
    skipped: ["a > TestThree"],
  });
});

test("a package that does not compile is one failure", () => {
  const events = [{ Action: "fail", Package: "a" }];
  expect(readGoEvents("go", events)).toMatchObject({ passed: 0, failed: 1 });
});
