import { expect, test } from "vitest";
import { Throughput } from "./throughput.ts";

function throughput() {
  const clock = { time: 1_000, now: () => clock.time, after: () => () => undefined };
  return { clock, measured: new Throughput(clock) };
}

test("who waits is told how long as many as wait take at the rate of late", () => {
  const { clock, measured } = throughput();
  measured.count(7);
  for (let i = 0; i < 4; i++) {
    clock.time += 500;
    measured.count(100);
  }
  expect(measured.waitOf(600)).toBe(3_000);
  // Not sooner than makes sense, and not later than a client waits.
  expect(measured.waitOf(1)).toBe(100);
  expect(measured.waitOf(1_000_000)).toBe(10_000);
});

test("where nothing was answered lately it is a guess", () => {
  const { clock, measured } = throughput();
  expect(measured.waitOf(10)).toBe(500);
  measured.count(100);
  clock.time += 500;
  measured.count(100);
  clock.time += 20_000;
  expect(measured.waitOf(10)).toBe(500);
});
