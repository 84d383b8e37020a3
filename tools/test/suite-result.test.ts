import { expect, test } from "vitest";
import { closingLine, forbiddenSkips } from "./suite-result.ts";

const unit = { suite: "unit", passed: 3, failed: 1, skipped: [] };
const scenario = { suite: "scenario", passed: 2, failed: 0, skipped: ["a > needs ../shared", "b"] };

test("adds up all suites", () => {
  expect(closingLine([])).toBe("0 passed, 0 failed");
  expect(closingLine([unit])).toBe("3 passed, 1 failed");
  expect(closingLine([unit, scenario])).toBe("5 passed, 1 failed, 2 skipped");
});

test("forbids every skip but that of the absent data folder", () => {
  expect(forbiddenSkips([unit, scenario])).toEqual(["b"]);
});
