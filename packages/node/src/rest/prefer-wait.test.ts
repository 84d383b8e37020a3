import { expect, test } from "vitest";
import { preferredWaitMs } from "./prefer-wait.ts";

test.each([
  [undefined, 0],
  ["wait=10", 10_000],
  ["respond-async, wait=5", 5000],
  ['wait="7"', 7000],
  ["Wait = 3", 3000],
  ["wait=100000", 60_000],
  ["wait=-1", 0],
  ["wait=soon", 0],
  ["await=10", 0],
  ["return=minimal", 0],
])("%s waits %i ms", (header, ms) => expect(preferredWaitMs(header)).toBe(ms));
