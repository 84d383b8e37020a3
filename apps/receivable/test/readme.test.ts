import { readFileSync } from "node:fs";
import { commandTable, declaredCommands } from "@stateset/testing";
import { expect, test } from "vitest";
import { receivableContract } from "../src/contract/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's table says who signs what, what may change, and every rule", () => {
  const table = commandTable(readme);
  expect(table.map(({ rules: _, ...row }) => row)).toEqual(declaredCommands(receivableContract));
  const known = new Set([
    ...Object.keys(receivableContract.rules),
    ...Object.keys(receivableContract.commands),
  ]);
  const named = new Set(table.flatMap(({ rules }) => rules));
  expect([...named].filter((code) => !known.has(code))).toEqual([]);
  expect(Object.keys(receivableContract.rules).filter((code) => !named.has(code))).toEqual([]);
});
