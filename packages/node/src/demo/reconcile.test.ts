import { expect, test } from "vitest";
import { type HeldState, type ReconciledNode, reconcile } from "./reconcile.ts";

const INVOICE = {
  seller: { id: "seller" },
  buyer: { id: "buyer" },
  owner: { identity: "seller" },
};
const ref = { txId: "aa", index: 0 };
const invoice: HeldState = { ref, status: "unconsumed", state: INVOICE };
const coin = (minorUnits: string): HeldState => ({
  ref: { txId: minorUnits, index: 0 },
  status: "unconsumed",
  state: { amount: { minorUnits, currency: "EUR" } },
});
const issued = { amount: { minorUnits: "500", currency: "EUR" } };

type Books = {
  invoices: HeldState[];
  coins: HeldState[];
  issued: unknown[];
  unfinished: { flow: string; flowId: string; status: string }[];
  sessions: number;
};

function node(name: string, books: Partial<Books>): ReconciledNode {
  return {
    name,
    identity: name,
    states: async (type) =>
      (type === "invoice/invoice" ? books.invoices : type === "cash/cash" ? books.coins : []) ?? [],
    completedInputs: async (flow) => (flow === "cash/issue" ? (books.issued ?? []) : []),
    unfinished: async () => books.unfinished ?? [],
    openSessions: async () => books.sessions ?? 0,
  };
}

/** All that agrees; each row changes one party's books. */
const agreed: Record<string, Partial<Books>> = {
  seller: { invoices: [invoice], coins: [coin("200")] },
  buyer: { invoices: [invoice], coins: [coin("300")] },
  bank: { issued: [issued] },
};

function reconciled(changed: Record<string, Partial<Books>> = {}) {
  const books = Object.entries(agreed).map(([name, each]) =>
    node(name, { ...each, ...changed[name] }),
  );
  return reconcile(books, { waitMs: 0 });
}

test("parties that hold the same are reconciled", async () => {
  const { differences, balances, rows } = await reconciled();
  expect(differences).toEqual([]);
  expect(balances).toEqual({ seller: { EUR: 200n }, buyer: { EUR: 300n }, bank: {} });
  expect(rows[0]).toMatchObject({ what: "invoice/invoice", parties: ["seller", "buyer"] });
});

test.each<[string, Record<string, Partial<Books>>, RegExp]>([
  ["a state that one lacks", { buyer: { invoices: [] } }, /invoice\/invoice aa:0: buyer does not/],
  [
    "another status",
    { buyer: { invoices: [{ ...invoice, status: "consumed", consumedBy: "bb" }] } },
    /seller has it unconsumed, buyer has it consumed by bb/,
  ],
  [
    "another consumer",
    {
      seller: { invoices: [{ ...invoice, status: "consumed", consumedBy: "cc" }] },
      buyer: { invoices: [{ ...invoice, status: "consumed", consumedBy: "bb" }] },
    },
    /consumed by cc.*consumed by bb/,
  ],
  ["cash from nowhere", { bank: { issued: [] } }, /have 500 minor units, issued were 0/],
  ["cash that is lost", { buyer: { coins: [] } }, /have 200 minor units, issued were 500/],
  [
    "a flow under way",
    { buyer: { unfinished: [{ flow: "invoice/pay", flowId: "1", status: "HOSPITAL" }] } },
    /buyer: invoice\/pay 1 is HOSPITAL/,
  ],
  ["a session that is open", { seller: { sessions: 2 } }, /seller: 2 sessions/],
])("%s is a difference", async (_, changed, told) => {
  const { differences } = await reconciled(changed);
  expect(differences).toEqual([expect.stringMatching(told)]);
});
