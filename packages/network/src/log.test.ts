import { expect, test } from "vitest";
import { boundedLog } from "./log.ts";

test("what is left out is counted, and told with the next line", () => {
  let now = 0;
  const lines: Record<string, unknown>[] = [];
  const log = boundedLog(
    (_, __, fields) => lines.push(fields),
    () => now,
  );
  for (let i = 0; i < 100; i++) log("warn", "refused", { i });
  expect(lines).toHaveLength(20);
  now = 1000;
  log("warn", "refused", { i: 100 });
  log("warn", "refused", { i: 101 });
  expect(lines.slice(20)).toEqual([{ i: 100, leftOut: 80 }, { i: 101 }]);
});
