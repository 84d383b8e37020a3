import { bool, choice, date, list, optional, record, text, uint } from "@stateset/codec";
import { bundleOf, encodeBundle, loadBundle } from "@stateset/ledger";
import {
  amountSchema,
  defineContract,
  holder,
  holderSchema,
  partySchema,
} from "@stateset/ledger/contract";
import { expect, test } from "vitest";
import type { StateTable } from "../ports/vault.ts";
import { tableFault } from "./table-fault.ts";

const billContract = defineContract({
  name: "bill",
  version: 1,
  states: {
    bill: {
      schema: record({
        owner: holderSchema,
        debtor: partySchema,
        amount: amountSchema,
        due: date(),
        paid: bool(),
        madeAt: uint(),
        kind: choice("goods", "services"),
        memo: optional(record({ text: text({ max: 80 }) })),
        tags: list(text({ max: 8 }), { max: 3 }),
      }),
      authority: holder("owner"),
    },
  },
  rules: {},
  commands: { close: { data: record({}), consumes: { bill: { min: 1, signedBy: ["owner"] } } } },
});
const contract = loadBundle(encodeBundle(bundleOf(billContract as never, "globalThis.contract=1")));

const table = {
  contract: "bill",
  type: "bill",
  version: 1,
  columns: [
    { name: "debtor_id", type: "text", path: "debtor.id" },
    { name: "currency", type: "text", path: "amount.currency" },
    { name: "minor_units", type: "integer", path: "amount.minorUnits" },
    { name: "due", type: "date", path: "due" },
    { name: "paid", type: "boolean", path: "paid" },
    { name: "made_at", type: "timestamp", path: "madeAt" },
    { name: "kind", type: "text", path: "kind" },
    { name: "memo", type: "text", path: "memo.text" },
    { name: "tags", type: "json", path: "tags" },
  ],
  participants: ["owner", "debtor"],
  owner: "owner",
  fungible: { quantity: "minor_units", kind: ["debtor_id", "currency"] },
  indexes: [["due", "paid"]],
} satisfies StateTable;

test("a table of every type of column holds the states", () => {
  expect(tableFault(table, contract)).toBeUndefined();
});

const column = (name: string, type: StateTable["columns"][number]["type"], path: string) => ({
  columns: [...table.columns, { name, type, path }],
});

test.each<[Partial<StateTable>, string]>([
  [{ type: "debt" }, "contract bill has no state debt"],
  [column("Due", "date", "due"), "column Due is not in snake case"],
  [column('due"', "date", "due"), 'column due" is not in snake case'],
  [column("due", "date", "due"), "column due twice"],
  [column("x", "text", "amount.cents"), "column x: the state has no field amount.cents"],
  [column("x", "text", "__proto__"), "column x: the state has no field __proto__"],
  [column("x", "text", "due."), "column x: the state has no field due."],
  [column("x", "text", "tags.0"), "column x: the state has no field tags.0"],
  [column("x", "integer", "due"), "column x: due is text, not integer"],
  [column("x", "date", "kind"), "column x: kind is choice, not date"],
  [
    column("x", "timestamp", "amount.minorUnits"),
    "column x: amount.minorUnits is int, not timestamp",
  ],
  [column("x", "text", "amount"), "column x: amount is record, not text"],
  [{ participants: ["payee"] }, "participant payee is no field that holds a party or a holder"],
  [{ participants: ["amount"] }, "participant amount is no field that holds a party or a holder"],
  [{ owner: "debtor" }, "owner debtor is no field that holds a holder"],
  [{ fungible: { quantity: "due", kind: ["currency"] } }, "quantity due is no column of integers"],
  [{ fungible: { quantity: "minor_units", kind: ["paid"] } }, "kind paid is no column of text"],
  [{ indexes: [["due"], ["payer"]] }, "index over payer, which is no column"],
  [{ indexes: [["due", "due"]] }, "index over a column twice"],
])("%j is refused", (change, fault) => {
  expect(tableFault({ ...table, ...change }, contract)).toBe(fault);
});

test("interchangeable states need an owner", () => {
  const { owner: _, ...ownerless } = table;
  expect(tableFault(ownerless, contract)).toBe("a table of interchangeable states names no owner");
});
