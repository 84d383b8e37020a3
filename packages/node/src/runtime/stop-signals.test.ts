import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StopSignals } from "./stop-signals.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
let others: NodeJS.SignalsListener[][];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  others = SIGNALS.map((signal) => process.listeners(signal) as NodeJS.SignalsListener[]);
});
afterEach(() => {
  vi.useRealTimers();
  for (const [i, signal] of SIGNALS.entries()) {
    process.removeAllListeners(signal);
    for (const listener of others[i] ?? []) process.on(signal, listener);
  }
});

test("the first signal stops in order, one that is meant a second time at once", async () => {
  const signals = new StopSignals();
  const onSecond = vi.fn();
  signals.onSecond(onSecond);
  const press = () => process.emit("SIGINT", "SIGINT");
  press();
  expect(await signals.first).toBe("SIGINT");
  // What npx and the launcher pass on of the same press.
  press();
  vi.advanceTimersByTime(100);
  press();
  expect(onSecond).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  press();
  expect(onSecond).toHaveBeenCalledOnce();
});
