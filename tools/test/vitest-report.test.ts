import { expect, test } from "vitest";
import { readVitestReport } from "./vitest-report.ts";

const passing = {
  name: "a.test.ts",
  status: "passed",
  assertionResults: [
    { fullName: "one", status: "passed" },
    { fullName: "two", status: "skipped" },
  ],
};

test("counts tests and names skips", () => {
  expect(readVitestReport("unit", { success: true, testResults: [passing] })).toEqual({
    suite: "unit",
    passed: 1,
    failed: 0,
    skipped: ["a.test.ts > two"],
  });
});

test("a file that does not load is one failure", () => {
  const broken = { name: "b.test.ts", status: "failed", assertionResults: [] };
  const report = { success: false, testResults: [passing, broken] };
  expect(readVitestReport("unit", report)).toMatchObject({ passed: 1, failed: 1 });
});

test("an error outside of any test is one failure", () => {
  const report = { success: false, testResults: [passing] };
  expect(readVitestReport("unit", report)).toMatchObject({ passed: 1, failed: 1 });
});
