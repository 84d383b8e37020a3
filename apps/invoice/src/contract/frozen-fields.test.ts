import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { invoiceNetwork } from "../../test/invoice-network.ts";
import { type InvoiceState, invoiceContract, invoiceSchema } from "./index.ts";

/** Fault: what was approved is changed afterwards. Every command tries every field. */
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
  stranger,
} = await invoiceNetwork();

const { lines, allowances, charges, vatBreakdown, totals } = invoice();
const [line, ...otherLines] = lines as [InvoiceState["lines"][0], ...InvoiceState["lines"]];
const one = <T extends { vatRate?: string }>([first, ...rest]: T[]) => [
  { ...first, vatRate: "0" },
  ...rest,
];

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
  allowances: [{ allowances: one(allowances) }, { allowances: [] }],
  charges: [{ charges: one(charges) }, { charges: [] }],
  vatBreakdown: [{ vatBreakdown: one(vatBreakdown) }],
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
};

const COMMANDS: { [command: string]: TestTransaction } = {
  respond: respond("AP", invoice(), { status: "approved" }),
  pay: pay(approved(), 100_000n),
  credit: credit(approved(), creditNote()),
  transfer: transfer(approved()),
  void: voiding(invoice()),
  "write-off": writeOff(approved()),
};

test("no field and no command is left out", () => {
  const fields = Object.keys(invoiceSchema.fields).filter((field) => field !== "linearId");
  expect(Object.keys(CHANGES).sort()).toEqual(fields.sort());
  const updating = Object.entries(invoiceContract.commands).filter(([, { updates }]) => updates);
  expect(updating.map(([command]) => command).sort()).toEqual(Object.keys(COMMANDS).sort());
});

describe.each(Object.entries(COMMANDS))("%s keeps", (command, valid) => {
  const may = invoiceContract.commands[command]?.updates?.invoice?.changes ?? [];
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
