import { expect, test } from "vitest";
import { legalNameOf, parseParties } from "./legal-name.ts";

test("a name becomes a legal one", () => {
  expect(legalNameOf("alice")).toBe("O=Alice,L=Zurich,C=CH");
  expect(legalNameOf("big-bank")).toBe("O=Big Bank,L=Zurich,C=CH");
});

test("names are separated by commas", () => {
  expect(parseParties("alice, bob,bank")).toEqual(["alice", "bob", "bank"]);
});

test.each([
  ["", /lower-case/],
  ["alice,,bob", /lower-case/],
  ["Alice", /lower-case/],
  ["../x", /lower-case/],
  ["a-", /lower-case/],
  ["a".repeat(31), /at most 30/],
  ["alice,alice", /twice/],
  ["notary", /the notary's name/],
  ["alice,notary-3", /the notary's name/],
  [Array.from({ length: 17 }, (_, i) => `p${i}`).join(","), /at most 16/],
])("%s is refused", (list, told) => {
  expect(() => parseParties(list)).toThrow(told);
});
