import type { SuiteResult } from "./suite-result.ts";

/** The part of Vitest's JSON report that is read here. */
export interface VitestReport {
  success: boolean;
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

export function readVitestReport(suite: string, report: VitestReport): SuiteResult {
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ status, title: `${name} > ${fullName}` })),
  );
  const withStatus = (...statuses: string[]) =>
    tests.filter(({ status }) => statuses.includes(status));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((result) => result.status === "failed"),
  );
  const failed = withStatus("failed").length + brokenFiles.length;
  return {
    suite,
    passed: withStatus("passed").length,
    // A run can fail outside of any test, such as by an unhandled rejection.
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: withStatus("skipped", "pending", "todo", "disabled").map(({ title }) => title),
  };
}
