import { CodecError } from "@stateset/codec";
import { LedgerError } from "@stateset/ledger";
import { describe, expect, test } from "vitest";
import { FlowFailure } from "../flow-context.ts";
import { FlowError } from "../flow-service.ts";
import { RemoteFailure } from "../ports/network.ts";
import { StoreError } from "../ports/store.ts";
import { VaultError } from "../ports/vault.ts";
import { expectedProblem, isTransient, problemOf } from "./expected-problem.ts";

/** As an app's bundle brings it: the same shape, of another class. */
function copyOf<E extends Error>(error: E): Error {
  const copy = new Error(error.message);
  copy.name = error.name;
  const { code, facts, fault, path, refusedBy } = error as never as Record<string, unknown>;
  return Object.assign(copy, { code, facts, fault, path, refusedBy });
}

const facts = { rule: "amounts-positive", facts: { minorUnits: 0n } };
const expected: [Error, string, object][] = [
  [new FlowFailure("cash/late", "late", { days: 2 }), "cash/late", { days: 2 }],
  [
    new LedgerError({ code: "tx/signature-invalid", index: 1 }),
    "tx/signature-invalid",
    { index: 1 },
  ],
  [
    new LedgerError({ code: "contract/rule-broken", ...facts }),
    "amounts-positive",
    { rule: "amounts-positive", facts: { minorUnits: "0" } },
  ],
  [
    new VaultError({ code: "vault/insufficient", requested: 3n, available: 1n, setAside: 0n }),
    "vault/insufficient",
    { requested: "3", available: "1", setAside: "0" },
  ],
  [new FlowError({ code: "flow/killed", flowId: "f" }), "flow/killed", { flowId: "f" }],
  [
    new CodecError({ code: "codec/too-deep", max: 2 }).within("a"),
    "codec/too-deep",
    { max: 2, path: ["a"] },
  ],
  [new RemoteFailure("history/not-allowed", "no", { id: 1 }), "history/not-allowed", { id: 1 }],
  [new RemoteFailure("network/too-large", "no"), "network/too-large", {}],
];

describe("failures that a flow ends with", () => {
  test.each(expected)("%s", (error, code, known) => {
    for (const each of [error, copyOf(error)])
      expect(expectedProblem(each)).toEqual({ code, detail: error.message, facts: known });
  });

  test("have facts that JSON can hold", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const of = (given: object) =>
      expectedProblem(new FlowFailure("a/b", "", given as Record<string, unknown>))?.facts;
    expect(of(cycle)).toEqual({});
    expect(of({ n: 1n, f: () => 1, u: undefined })).toEqual({ n: "1" });
    expect(of(null as never)).toEqual({});
  });
});

test.each([
  new Error("a fault of the code"),
  new TypeError("undefined is not a function"),
  Object.assign(new Error("system"), { code: "ENOENT" }),
  new FlowError({ code: "flow/unknown-bundle", flow: "a/b", bundle: "00" }),
  new FlowError({ code: "flow/diverged", flowId: "f", entry: 0, journaled: "a", found: "b" }),
  new FlowError({ code: "flow/input-unreadable", flowId: "f" }),
  new StoreError({ code: "store/closed" }),
  undefined,
  null,
  "text",
  { name: "FlowFailure" },
  { name: "FlowFailure", code: 7, facts: {} },
])("%s is for the hospital", (error) => {
  expect(expectedProblem(error)).toBeUndefined();
  expect(isTransient(error)).toBe(false);
});

test.each([
  new StoreError({ code: "store/unavailable", reason: "away" }),
  new RemoteFailure("network/timeout", "no answer"),
  new RemoteFailure("network/failed", "it failed"),
  new RemoteFailure("notary/unavailable", "away"),
])("%s passes", (error) => {
  for (const each of [error, copyOf(error)]) {
    expect(isTransient(each)).toBe(true);
    expect(expectedProblem(each)).toBeUndefined();
  }
});

test("a peer cannot make a flow wait for what is not away", () => {
  expect(isTransient(new FlowFailure("network/timeout", "says the peer"))).toBe(false);
  expect(isTransient(new FlowFailure("store/unavailable", "says the peer"))).toBe(false);
});

test("what holds a flow keeps its facts", () => {
  const fault = { code: "flow/unknown-bundle", flow: "a/b", bundle: "00" } as const;
  expect(problemOf(new FlowError(fault))).toMatchObject({
    code: "flow/unknown-bundle",
    facts: { flow: "a/b", bundle: "00" },
  });
  expect(problemOf(new Error("none"))).toBeUndefined();
});
