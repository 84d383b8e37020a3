import { expect, test } from "vitest";
import { attemptLine, drillsLines, drillsSummary, resultLines } from "./drill-story.ts";

const place = { number: 1, of: 2, name: "racing-lenders", attempts: 2, ms: 1200 };
const passed = { ...place, failures: [] };
const failed = { ...place, attempts: 1, failures: ["it broke off: no network"] };
const books = (differences: string[]) => ({ rows: [], balances: {}, differences });

test("an attempt is told with what refused it", () => {
  const made = { attempt: "buyer starts invoice/pay", ms: 3 };
  expect(attemptLine({ ...made, outcome: "completed" })).toBe(
    "  buyer starts invoice/pay: completed",
  );
  expect(attemptLine({ ...made, outcome: "refused", refusedBy: "notary/conflict" })).toBe(
    "  buyer starts invoice/pay: refused by notary/conflict",
  );
});

test("a drill's end says what failed", () => {
  expect(resultLines(passed)).toEqual(["  passed: 2 attempts, 1200 ms"]);
  expect(resultLines(failed)).toEqual([
    "  FAILED  it broke off: no network",
    "  failed: 1 attempt, 1200 ms",
  ]);
});

test("all is counted at the end, with what the books differ in", () => {
  const outcome = {
    results: [passed, failed],
    reconciliation: books(["buyer: a session is open"]),
  };
  const summary = drillsSummary(outcome, 2400);
  expect(summary).toEqual({ done: 2, failed: 1, attempts: 3, reconciled: false, ms: 2400 });
  expect(drillsLines(summary, outcome.reconciliation)).toEqual([
    "",
    "  buyer: a session is open",
    "1 of 2 drills passed, 3 attempts, not reconciled, 2.4 s",
  ]);
});
