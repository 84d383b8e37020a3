import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const KNOWN = ["cash/issue", "cash/pay", "cash/redeem"];

test.each([
  ["cash/payy", "cash/pay"],
  ["cash/Pay", "cash/pay"],
  ["csh/issue", "cash/issue"],
  ["invoice/pay", undefined],
  ["", undefined],
  ["x".repeat(10_000), undefined],
])("%s", (name, meant) => expect(nearest(name, KNOWN)).toBe(meant));

test("a short name is not taken for another short one", () => {
  expect(nearest("ab", ["cd"])).toBeUndefined();
});
