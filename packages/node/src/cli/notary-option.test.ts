import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { parseNotary } from "./notary-option.ts";

test.each([
  ["embedded", { kind: "embedded" }],
  ["cluster", { kind: "cluster" }],
  ["cluster:4", { kind: "cluster", members: 4 }],
  ["cluster:16", { kind: "cluster", members: 16 }],
])("%s", (value, wanted) => {
  expect(parseNotary(value)).toEqual(wanted);
});

test.each([
  ["validating", /not built yet/],
  ["validating:4", /not built yet/],
  ["cluster:0", /1 to 16/],
  ["cluster:17", /1 to 16/],
  ["cluster:", /must be/],
  ["cluster:a", /must be/],
  ["embedded:1", /must be/],
  ["", /must be/],
])("%j is refused", (value, told) => {
  expect(() => parseNotary(value)).toThrow(InvalidArgumentError);
  expect(() => parseNotary(value)).toThrow(told);
});
