import fc from "fast-check";
import { expect, test } from "vitest";
import { dayNumber, dayOf, plusDays } from "./civil-day.ts";

test.each([
  [0, "1970-01-01"],
  [86_399_999, "1970-01-01"],
  [86_400_000, "1970-01-02"],
  [951_782_400_000, "2000-02-29"],
  [4_107_542_400_000, "2100-03-01"],
])("%i lies on %s", (instant, date) => {
  expect(dayOf(instant)).toBe(date);
});

test("every day is that of Date, there and back", () => {
  const days = fc.integer({ min: 0, max: 2_932_896 }); // to 9999-12-31
  fc.assert(
    fc.property(days, fc.integer({ min: -1000, max: 1000 }), (day, by) => {
      const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
      expect(dayOf(day * 86_400_000)).toBe(date);
      expect(dayNumber(date)).toBe(day);
      expect(plusDays(plusDays(date, by), -by)).toBe(date);
    }),
  );
});
