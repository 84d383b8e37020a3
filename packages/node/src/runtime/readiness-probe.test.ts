import { expect, test, vi } from "vitest";
import { ReadinessProbe } from "./readiness-probe.ts";

test("the parts that fail are named, and asked once for all who ask at the same time", async () => {
  const database = vi.fn(async () => {
    throw new Error("away");
  });
  const probe = new ReadinessProbe({ database, network: async () => {} });
  const answers = await Promise.all([probe.waiting(), probe.waiting()]);
  expect(answers).toEqual([["database"], ["database"]]);
  expect(database).toHaveBeenCalledTimes(1);
});

test("a part that does not answer is waited for no longer than it may", async () => {
  vi.useFakeTimers();
  const probe = new ReadinessProbe({ database: () => new Promise(() => {}) });
  const waiting = probe.waiting();
  await vi.advanceTimersByTimeAsync(2000);
  expect(await waiting).toEqual(["database"]);
  vi.useRealTimers();
});
