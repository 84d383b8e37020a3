import { cashContract } from "@stateset/cash/contract";
import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { invoiceNetwork, PAID_ON } from "../../test/invoice-network.ts";
import { type InvoiceState, invoiceContract, invoiceSchema } from "./index.ts";

const {
  invoice,
  approved,
  creditNote,
  respond,
  pay,
  credit,
  transfer,
  voiding,
  writeOff,
  tx,
  cash,
  seller,
  buyer,
  bank,
  stranger,
} = await invoiceNetwork();

const { lines, allowances, charges, vatBreakdown, totals } = invoice();
const [line, ...otherLines] = lines as [InvoiceState["lines"][0], ...InvoiceState["lines"]];
/** The first at another VAT rate. */
const rated = <T extends object>(items: T[]): T[] =>
  items.map((item, i) => (i === 0 ? { ...item, vatRate: "0" } : item));

const CHANGES: { [field in keyof Required<InvoiceState>]?: Partial<InvoiceState>[] } = {
  number: [{ number: "AB-2026-00418" }],
  issueDate: [{ issueDate: "2026-03-03" }],
  typeCode: [{ typeCode: "383" }],
  currency: [{ currency: "CHF" }],
  orderReference: [{ orderReference: "PO-1" }, { orderReference: undefined as never }],
  contractReference: [{ contractReference: "RV-1" }],
  seller: [{ seller: stranger.party }],
  buyer: [{ buyer: stranger.party }],
  lines: [
    { lines: [{ ...line, netAmount: 80_001n }, ...otherLines] },
    { lines: [{ ...line, name: "Altmetall" }, ...otherLines] },
    { lines: [...lines].reverse() },
    { lines: otherLines },
    { lines: [...lines, line] },
  ],
  allowances: [{ allowances: rated(allowances) }, { allowances: [] }],
  charges: [{ charges: rated(charges) }, { charges: [] }],
  vatBreakdown: [{ vatBreakdown: rated(vatBreakdown) }],
  totals: Object.entries(totals).map(([name, amount]) => ({
    totals: { ...totals, [name]: amount - 1n },
  })),
  ordinal: [{ ordinal: 1 }],
  source: [{ source: "51".repeat(32) }],
  owner: [{ owner: stranger.holder() }],
  dueDate: [{ dueDate: "2027-01-01" }, { dueDate: undefined as never }],
  paymentReference: [{ paymentReference: "RF18539007547034" }],
  status: [{ status: "void" }],
  clarification: [{ clarification: "PAY" }],
  paidOnLedger: [{ paidOnLedger: 5n }],
  creditedOnLedger: [{ creditedOnLedger: 5n }],
  cashIssuers: [
    { cashIssuers: [stranger.party.id] },
    { cashIssuers: [bank.party.id, stranger.party.id] },
    { cashIssuers: [bank.party.id, bank.party.id] },
  ],
  payments: [{ payments: [{ on: PAID_ON, amount: 0n }] }],
};

const COMMANDS: { [command: string]: TestTransaction } = {
  respond: respond("AP", invoice(), { status: "approved" }),
  pay: pay(approved(), 100_000n),
  credit: credit(approved(), creditNote()),
  transfer: transfer(approved()),
  void: voiding(invoice()),
  "write-off": writeOff(approved()),
};

/** Not taken from the contract, so that nothing more may change there unnoticed. */
const MAY_CHANGE: { [command: string]: string[] } = {
  respond: ["status", "clarification"],
  pay: ["paidOnLedger", "payments", "status"],
  credit: ["creditedOnLedger", "status"],
  transfer: ["owner"],
  void: ["status"],
  "write-off": ["status"],
};

test("no field and no command is left out", () => {
  const fields = Object.keys(invoiceSchema.fields).filter((field) => field !== "linearId");
  expect(Object.keys(CHANGES).sort()).toEqual(fields.sort());
  const updating = Object.entries(invoiceContract.commands).filter(([, { updates }]) => updates);
  expect(updating.map(([command]) => command).sort()).toEqual(Object.keys(COMMANDS).sort());
});

describe.each(Object.entries(COMMANDS))(
  "%s: nobody but the owner consumes an invoice",
  (_, valid) => {
    test("the buyer alone", async () => {
      await valid
        .tweak((tx) => tx.withoutSignatureOf(seller))
        .failsWith("tx/authority-unsatisfied");
    });
  },
);

test.each(Object.keys(invoiceContract.commands))("%s of nothing at all", async (command) => {
  const data = command === "respond" ? { response: "AB" } : {};
  await tx()
    .input(cashContract, "cash", cash(buyer, 1n))
    .output(cashContract, "cash", cash(seller, 1n))
    .command(cashContract, "move", {}, buyer)
    .command(invoiceContract, command, data, seller)
    .failsWith(`invoice/${command}-counts`);
});

/** Fault: what was approved is changed afterwards. Every command tries every field. */
describe.each(Object.entries(COMMANDS))("%s keeps", (command, valid) => {
  const may = MAY_CHANGE[command] ?? [];
  const kept = Object.entries(CHANGES).filter(([field]) => !may.includes(field));

  test("nothing that it may change, and is valid", async () => {
    await valid.verifies();
  });

  test.each(kept)("%s", async (field, changes) => {
    const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    for (const change of changes)
      await valid
        .tweak((tx) => tx.changeOutput(0, () => change))
        .failsWith(`invoice/${command}-keeps-${name}`);
  });

  test("the linear id: another is another invoice", async () => {
    await valid
      .tweak((tx) => tx.changeOutput(0, () => ({ linearId: "b2".repeat(16) })))
      .failsWith(`invoice/${command}-counts`);
  });
});
