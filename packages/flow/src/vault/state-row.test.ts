import { expect, test } from "vitest";
import type { StateColumn } from "../ports/vault.ts";
import { columnValue, jsonOf } from "./state-row.ts";

test("a state becomes JSON", () => {
  const state = { a: 2n ** 62n, b: new Uint8Array([0, 255]), c: [1n, { d: undefined, e: true }] };
  expect(jsonOf(state)).toEqual({ a: "4611686018427387904", b: "00ff", c: ["1", { e: true }] });
});

test.each<[StateColumn["type"], unknown, unknown]>([
  ["text", "x", "x"],
  ["text", 1, undefined],
  ["integer", "-9223372036854775808", -(2n ** 63n)],
  ["integer", "9223372036854775808", undefined],
  ["integer", 7, 7n],
  ["integer", 1.5, undefined],
  ["integer", "1e3", undefined],
  ["integer", "", undefined],
  ["boolean", false, false],
  ["boolean", "false", undefined],
  ["date", "2028-02-29", "2028-02-29"],
  ["date", "2026-02-29", undefined],
  ["timestamp", 0, 0],
  ["timestamp", "1970-01-01T01:00:00.5+01:00", 500],
  ["timestamp", "1970-01-01", undefined],
  ["timestamp", 1e18, undefined],
  ["json", [1], [1]],
])("a column of %s reads %o as %o", (type, value, expected) => {
  const column: StateColumn = { name: "x", type, path: "a.b" };
  expect(columnValue(column, { a: { b: value } })).toEqual(expected);
});

test("a path that leads nowhere gives nothing", () => {
  const column = (path: string): StateColumn => ({ name: "x", type: "text", path });
  for (const path of ["a.b", "b", "a.length", "constructor.name", "toString"]) {
    expect(columnValue(column(path), { a: "x" })).toBeUndefined();
  }
});
