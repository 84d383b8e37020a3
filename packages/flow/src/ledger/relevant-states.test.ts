import type { IdentityId, VerifiedTransaction } from "@stateset/ledger";
import { expect, test } from "vitest";
import type { StateTable } from "../ports/vault.ts";
import { relevantStates } from "./relevant-states.ts";

const [us, them] = ["aa".repeat(32), "bb".repeat(32)] as [IdentityId, IdentityId];
const loan: StateTable = {
  contract: "loan",
  type: "loan",
  version: 1,
  columns: [],
  participants: ["lender", "borrower", "guarantor"],
  owner: "lender",
};
const tables = new Map([["loan/loan", loan]]);

const relevant = (state: object, type = "loan") =>
  relevantStates(
    {
      id: "cc".repeat(32),
      contents: { attachments: [{ contract: "loan", bundle: "dd".repeat(32) }] },
      outputs: [{ contract: "loan", type, state }],
    } as unknown as VerifiedTransaction,
    7,
    { identity: us, tables },
  );

const holder = (identity: IdentityId) => ({ identity, blinding: "00".repeat(32) });
const party = (id: IdentityId) => ({ id, name: "O=A" });

test("a state is kept with those participants that are there", () => {
  const [write] = relevant({ lender: holder(us), borrower: party(them) });
  expect(write).toMatchObject({
    kind: "state",
    state: { participants: [us, them], isOurs: true, notarisedAt: 7 },
  });
});

test("a participant twice is one", () => {
  const [write] = relevant({ lender: holder(us), borrower: party(us), guarantor: party(them) });
  expect(write).toMatchObject({ state: { participants: [us, them] } });
});

test("a state of which this node is a participant only is not its own", () => {
  const [write] = relevant({ lender: holder(them), borrower: party(us) });
  expect(write).toMatchObject({ state: { isOurs: false } });
});

test.each([
  ["of others", { lender: holder(them), borrower: party(them) }, "loan"],
  ["of nobody", {}, "loan"],
  ["of a type without a table", { lender: holder(us) }, "offer"],
])("a state %s is not kept", (_, state, type) => {
  expect(relevant(state, type)).toEqual([]);
});
