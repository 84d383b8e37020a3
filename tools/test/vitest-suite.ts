import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import type { SuiteResult } from "./suite-result.ts";
import { readVitestReport, type VitestReport } from "./vitest-report.ts";

const REPORT_FOLDER = ".stateset/test";

/** Runs one project of vitest.config.ts; the terminal shows progress, a file holds the counts. */
export function runVitest(project: string): SuiteResult {
  mkdirSync(REPORT_FOLDER, { recursive: true });
  const reportPath = `${REPORT_FOLDER}/${project}.json`;
  rmSync(reportPath, { force: true });
  const options = ["--project", project, "--passWithNoTests", "--reporter=default"];
  const { status } = spawnSync(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      ...options,
      "--reporter=json",
      `--outputFile=${reportPath}`,
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  if (!existsSync(reportPath)) {
    // No report: either there was no test to run, or Vitest itself failed.
    return { suite: project, passed: 0, failed: status === 0 ? 0 : 1, skipped: [] };
  }
  const report = JSON.parse(readFileSync(reportPath, "utf8")) as VitestReport;
  const testResults = report.testResults.map((result) => ({
    ...result,
    name: relative(process.cwd(), result.name),
  }));
  const success = report.success && status === 0;
  return readVitestReport(project, { ...report, success, testResults });
}
