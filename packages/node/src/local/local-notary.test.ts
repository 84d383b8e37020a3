import { expect, test } from "vitest";
import { joinNotary, notaryNames } from "./local-notary.ts";

const embedded = { kind: "embedded" } as const;
const four = { kind: "cluster", members: 4 } as const;

test.each([
  [undefined, undefined, embedded],
  [undefined, embedded, embedded],
  [undefined, four, four],
  [undefined, { kind: "cluster" } as const, { kind: "cluster", members: 7 }],
  [embedded, undefined, embedded],
  [four, undefined, four],
  [four, four, four],
  [four, { kind: "cluster" } as const, four],
])("a folder with %j, asked for %j, has %j", (known, wanted, notary) => {
  expect(joinNotary(known, wanted)).toEqual(notary);
});

test.each([
  [embedded, four, { notary: "embedded", wanted: "cluster:4" }],
  [four, embedded, { notary: "cluster:4", wanted: "embedded" }],
  [four, { kind: "cluster", members: 7 } as const, { notary: "cluster:4", wanted: "cluster:7" }],
])("a folder with %j refuses %j", (known, wanted, facts) => {
  const joining = () => joinNotary(known, wanted);
  expect(joining).toThrow(expect.objectContaining({ code: "network/other-notary", facts }));
});

test("a cluster's members have numbers from 0 on", () => {
  expect(notaryNames(embedded)).toEqual(["notary"]);
  expect(notaryNames(four)).toEqual(["notary-0", "notary-1", "notary-2", "notary-3"]);
});
