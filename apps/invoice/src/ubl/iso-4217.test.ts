import { expect, test } from "vitest";
import { ISO_4217 } from "./iso-4217.ts";

test("holds the 165 current codes that have minor units", () => {
  expect(ISO_4217.size).toBe(165);
  expect([...ISO_4217.keys()].every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
});

test.each([
  ["EUR", 2],
  ["USD", 2],
  ["JPY", 0],
  ["ISK", 0],
  ["HUF", 2],
  ["KWD", 3],
  ["TND", 3],
  ["CLF", 4],
  ["ZWG", 2],
  ["XCG", 2],
])("%s has %i minor-unit digits", (code, digits) => {
  expect(ISO_4217.get(code)).toBe(digits);
});

test.each(["BGN", "HRK", "ANG", "SLL", "ZWL", "DEM", "XAU", "XXX", "XTS", "eur", "", "__proto__"])(
  "%s is no currency an invoice can be kept in",
  (code) => {
    expect(ISO_4217.has(code)).toBe(false);
  },
);
