import { expect, test } from "vitest";
import { systemRandom } from "./platform.ts";

test("random bytes are as many as asked for, each given once", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const bytes = systemRandom(16);
    expect(bytes).toHaveLength(16);
    seen.add(Buffer.from(bytes).toString("hex"));
  }
  expect(seen.size).toBe(2000);
  expect(systemRandom(0)).toHaveLength(0);
  expect(new Set(systemRandom(10_000)).size).toBe(256);
});
