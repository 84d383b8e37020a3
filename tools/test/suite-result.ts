export interface SuiteResult {
  suite: string;
  passed: number;
  failed: number;
  /** What was skipped, and why if that is known. */
  skipped: string[];
}

/** The only skip that `--fail-on-skip` lets pass: data beside the clone that others do not have. */
const ALLOWED_SKIP = "../shared";

export function forbiddenSkips(results: SuiteResult[]): string[] {
  return results.flatMap(({ skipped }) => skipped.filter((skip) => !skip.includes(ALLOWED_SKIP)));
}

/** `N passed, N failed`, with `, N skipped` when there are any. */
export function closingLine(results: SuiteResult[]): string {
  const sum = (count: (result: SuiteResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const skipped = sum((result) => result.skipped.length);
  const line = `${sum((result) => result.passed)} passed, ${sum((result) => result.failed)} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
