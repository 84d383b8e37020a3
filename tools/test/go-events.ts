import type { SuiteResult } from "./suite-result.ts";

/** One line of `go test -json`. */
export interface GoEvent {
  Action: string;
  Package?: string;
  Test?: string;
}

/** Counts tests; a package that fails without a failed test (it did not compile) is one failure. */
export function readGoEvents(suite: string, events: GoEvent[]): SuiteResult {
  const tests = (action: string) =>
    events.filter(({ Action, Test }) => Action === action && Test !== undefined);
  const packagesWithFailedTest = new Set(tests("fail").map(({ Package }) => Package));
  const brokenPackages = events.filter(
    ({ Action, Package, Test }) =>
      Action === "fail" && Test === undefined && !packagesWithFailedTest.has(Package),
  );
  return {
    suite,
    passed: tests("pass").length,
    failed: tests("fail").length + brokenPackages.length,
    skipped: tests("skip").map(({ Package, Test }) => `${Package} > ${Test}`),
  };
}
