import { CodecError } from "@stateset/codec";
import { FlowError, VaultError } from "@stateset/flow";
import { LedgerError } from "@stateset/ledger";
import { expect, test } from "vitest";
import { problemOf, problemOfFlow } from "./problem.ts";

const AT = Date.UTC(2026, 0, 2);
const REF = `${"ab".repeat(32)}:0`;

/** What flows ended with, as it is stored: messages for logs, and facts as JSON has them. */
const STORED: [code: string, detail: string, facts: Record<string, unknown>, told: string][] = [
  [
    "vault/insufficient",
    'vault/insufficient: {"requested":"7","available":"5","setAside":"0"}',
    { requested: "7", available: "5", setAside: "0" },
    "7 is asked for, 5 is free",
  ],
  [
    "flow/bad-input",
    "flow/bad-input: {}",
    {
      flow: "cash/pay",
      field: "amount.minorUnits",
      reason: 'codec/wrong-type at amount.minorUnits: {"expected":"int","found":"text"}',
    },
    "The input of cash/pay at amount.minorUnits: int is expected, and text found",
  ],
  [
    "notary/conflict",
    "the notary refused the transaction: notary/conflict",
    { id: "cd", consumed: [{ ref: REF, by: "ef", at: AT }] },
    `Another transaction has spent state ${REF} at 2026-01-02T00:00:00.000Z: make a new one with other states`,
  ],
  [
    "notary/outside-time-window",
    "the notary refused the transaction: notary/outside-time-window",
    { blockTime: AT, until: AT - 1000 },
    "The transaction came at 2026-01-02T00:00:00.000Z, outside its time window, until 2026-01-01T23:59:59.000Z",
  ],
  [
    "tx/malformed",
    'tx/malformed: codec/too-deep at groups.3: {"max":32}',
    { reason: 'codec/too-deep at groups.3: {"max":32}' },
    "The bytes are no transaction: it nests more than 32 deep, at groups.3",
  ],
  [
    "cash/amount-conserved",
    'cash/amount-conserved: what goes in comes out: {"left":"5","right":"6"}',
    {
      rule: "cash/amount-conserved",
      sentence: "what goes in comes out",
      facts: { left: "5", right: "6" },
    },
    "what goes in comes out (left 5; right 6)",
  ],
  [
    "codec/missing-field",
    'codec/missing-field at a.b: {"field":"c"}',
    { field: "c", path: ["a", "b"] },
    "the field c is missing, at a.b",
  ],
  ["cash/pay-to-self", "the payee is the payer", { field: "to" }, "the payee is the payer"],
  ["flow/unexpected", "TypeError: x is not a function", {}, "TypeError: x is not a function"],
  [
    "other/odd-thing",
    'other/odd-thing: {"count":3,"in":{}}',
    { count: 3, in: {} },
    "odd thing (count 3)",
  ],
  [
    "flow/unknown-bundle",
    'FlowError: flow/unknown-bundle: {"flow":"a/b","bundle":"00"}',
    { flow: "a/b", bundle: "00" },
    "The app 00, under which a flow a/b began, is not installed",
  ],
];

test.each(STORED)("%s is told in a sentence", (code, detail, facts, told) => {
  const problem = problemOfFlow({ code, detail, facts });
  expect(problem).toEqual({
    ...facts,
    type: `urn:stateset:problem:${code}`,
    title: expect.any(String),
    code,
    detail: told,
  });
});

test.each<[string, Record<string, unknown>]>([
  ["vault/insufficient", { requested: "7" }],
  ["vault/insufficient", { requested: {}, available: [], setAside: "x" }],
  ["vault/unknown-table", { contract: "a", type: "b", known: "c" }],
  ["notary/conflict", { consumed: [{}] }],
  ["notary/conflict", { consumed: [{ ref: REF, at: Number.MAX_VALUE }] }],
  ["access/unauthenticated", { reason: "constructor" }],
])("a peer's odd facts of %s leave its own words", (code, facts) => {
  expect(problemOfFlow({ code, detail: "as told", facts }).detail).toBe("as told");
});

test.each<[Error, string]>([
  [
    new VaultError({ code: "vault/insufficient", requested: 7n, available: 5n, setAside: 1n }),
    "7 is asked for, 5 is free, and 1 is set aside for other flows",
  ],
  [new FlowError({ code: "flow/killed", flowId: "f" }), "Flow f was killed"],
  [new LedgerError({ code: "tx/not-open", group: "outputs" }), "The group outputs is not shown"],
  [
    new CodecError({ code: "codec/too-deep", max: 2 }).within("a"),
    "it nests more than 2 deep, at a",
  ],
])("%s", (error, told) => {
  expect(problemOf(error)?.detail).toBe(told);
});
