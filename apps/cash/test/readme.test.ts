import { readFileSync } from "node:fs";
import { commandTable, declaredCommands } from "@stateset/testing";
import { expect, test } from "vitest";
import { cashContract } from "../src/contract/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's table says who signs what, what may change, and every rule", () => {
  const table = commandTable(readme);
  expect(table.map(({ rules: _, ...row }) => row)).toEqual(declaredCommands(cashContract));
  const known = new Set([
    ...Object.keys(cashContract.rules),
    ...Object.keys(cashContract.commands),
  ]);
  const named = new Set(table.flatMap(({ rules }) => rules));
  expect([...named].filter((code) => !known.has(code))).toEqual([]);
  expect(Object.keys(cashContract.rules).filter((code) => !named.has(code))).toEqual([]);
});
