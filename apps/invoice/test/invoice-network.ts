import { join } from "node:path";
import { type CashState, cashContract } from "@stateset/cash/contract";
import type { Holder } from "@stateset/ledger";
import { TestLedger, type TestParty, type TestTransaction } from "@stateset/testing";
import { test } from "vitest";
import {
  type CreditNoteState,
  type DocumentState,
  type InvoiceState,
  invoiceContract,
} from "../src/contract/index.ts";

const APPS = join(import.meta.dirname, "../..");

/** The day on which payments of these tests are made, and a window on it. */
export const PAID_ON = "2026-03-28";
const noon = Date.parse(`${PAID_ON}T12:00:00Z`);
export const PAYMENT_WINDOW = { from: noon, until: noon + 600_000 };

export async function startInvoiceLedger(): Promise<TestLedger> {
  return await TestLedger.start({ contracts: [join(APPS, "cash"), join(APPS, "invoice")] });
}

/** Parties, valid states, and one valid transaction for each command, to be changed by tests. */
export async function invoiceNetwork() {
  const ledger = await startInvoiceLedger();
  const seller = ledger.party("Alpenblick AG");
  const buyer = ledger.party("Hafenwerk GmbH");
  const factor = ledger.party("Fjordkapital AS");
  const bank = ledger.party("Kantonsbank");
  const stranger = ledger.party("Fremd SE");
  const document = documentOf(seller, buyer);

  const invoice = (change: Partial<InvoiceState> = {}): InvoiceState => ({
    ...document(),
    dueDate: "2026-04-01",
    status: "issued",
    cashIssuers: [bank.party.id],
    paidOnLedger: 0n,
    creditedOnLedger: 0n,
    payments: [],
    ...change,
  });
  const creditNote = (
    payable = 10_000n,
    change: Partial<CreditNoteState> = {},
  ): CreditNoteState => {
    const line = { netAmount: payable, vatCategory: "Z", vatRate: "0" };
    const { lines, totals, ...rest } = document();
    const none = { allowances: 0n, charges: 0n, vat: 0n, paid: 0n, rounding: 0n };
    return {
      ...rest,
      linearId: "c1".repeat(16),
      number: "GS-2026-7",
      typeCode: "381",
      lines: [{ id: "1", name: "Gutschrift", quantity: "1", unit: "C62", price: "100", ...line }],
      allowances: [],
      charges: [],
      vatBreakdown: [{ taxableAmount: payable, taxAmount: 0n, vatCategory: "Z", vatRate: "0" }],
      totals: { ...none, lineNet: payable, withoutVat: payable, withVat: payable, payable },
      owner: buyer.holder({ oneTimeKey: true }),
      ...change,
    };
  };
  const cash = (
    owner: TestParty,
    minorUnits: bigint,
    change: Partial<CashState> = {},
  ): CashState => ({
    issuer: bank.party,
    owner: owner.holder({ oneTimeKey: true }),
    amount: { minorUnits, currency: "EUR" },
    ...change,
  });

  const tx = () => ledger.transaction();
  /** From one state to the next, in a transaction that still lacks its command. */
  const update = (before: InvoiceState, change: Partial<InvoiceState>): TestTransaction =>
    tx()
      .input(invoiceContract, "invoice", before)
      .output(invoiceContract, "invoice", { ...before, ...change });

  /** The buyer pays this much of an invoice to its owner, or whatever else the change says. */
  const pay = (before: InvoiceState, paid: bigint, change: Partial<InvoiceState> = {}) => {
    const paidOnLedger = before.paidOnLedger + paid;
    const isAll = paidOnLedger + before.creditedOnLedger === before.totals.payable;
    const owner =
      [seller, factor].find(({ party }) => party.id === before.owner.identity) ?? seller;
    const next = {
      paidOnLedger,
      payments: [...before.payments, { on: PAID_ON, amount: paid }],
      status: isAll ? ("paid" as const) : ("partially-paid" as const),
    };
    return update(before, { ...next, ...change })
      .timeWindow(PAYMENT_WINDOW)
      .input(cashContract, "cash", cash(buyer, 150_000n))
      .output(cashContract, "cash", cash(owner, paid))
      .output(cashContract, "cash", cash(buyer, 150_000n - paid))
      .command(invoiceContract, "pay", {}, owner)
      .command(cashContract, "move", {}, buyer);
  };
  const credit = (
    before: InvoiceState,
    note: CreditNoteState,
    change: Partial<InvoiceState> = {},
  ) => {
    const creditedOnLedger = before.creditedOnLedger + note.totals.payable;
    return update(before, { creditedOnLedger, ...change })
      .input(invoiceContract, "credit-note", note)
      .command(invoiceContract, "credit", {}, seller, buyer);
  };
  const respond = (response: string, before: InvoiceState, change: Partial<InvoiceState>) => {
    const { clarification } = change;
    const data = { response, ...(clarification === undefined ? {} : { clarification }) };
    return update(before, change).command(invoiceContract, "respond", data, buyer, seller);
  };
  const transfer = (before: InvoiceState) =>
    update(before, { owner: factor.holder({ oneTimeKey: true }) }).command(
      invoiceContract,
      "transfer",
      {},
      seller,
      factor,
    );
  const approved = (change: Partial<InvoiceState> = {}) =>
    invoice({ status: "approved", ...change });

  return {
    ledger,
    ...{ seller, buyer, factor, bank, stranger },
    ...{ invoice, approved, creditNote, cash },
    ...{ tx, update, pay, credit, respond, transfer },
    issue: tx()
      .output(invoiceContract, "invoice", invoice())
      .command(invoiceContract, "issue", {}, seller),
    issueCreditNote: tx()
      .output(invoiceContract, "credit-note", creditNote())
      .command(invoiceContract, "issue-credit-note", {}, seller),
    voiding: (before: InvoiceState) =>
      update(before, { status: "void" }).command(invoiceContract, "void", {}, seller),
    writeOff: (before: InvoiceState) =>
      update(before, { status: "written-off" }).command(invoiceContract, "write-off", {}, seller),
  };
}

/** 1 000.00 EUR payable, by way of every sum of EN 16931. */
function documentOf(seller: TestParty, buyer: TestParty): () => DocumentState {
  const standard = { vatCategory: "S", vatRate: "19" };
  const reduced = { vatCategory: "S", vatRate: "7" };
  return () => ({
    linearId: "a1".repeat(16),
    number: "AB-2026-00417",
    issueDate: "2026-03-02",
    typeCode: "380",
    currency: "EUR",
    orderReference: "PO-88213",
    seller: seller.party,
    buyer: buyer.party,
    lines: [
      {
        ...{ id: "1", name: "Spindel", quantity: "2", unit: "C62", price: "400" },
        ...{ netAmount: 80_000n, ...standard },
      },
      {
        ...{ id: "2", name: "Schmierstoff", quantity: "200", unit: "LTR", price: "1.5" },
        ...{ netAmount: 30_000n, ...reduced },
      },
    ],
    allowances: [{ amount: 5_000n, ...standard }],
    charges: [{ amount: 2_000n, ...standard }],
    vatBreakdown: [
      { taxableAmount: 77_000n, taxAmount: 14_630n, ...standard },
      { taxableAmount: 30_000n, taxAmount: 2_100n, ...reduced },
    ],
    totals: {
      lineNet: 110_000n,
      allowances: 5_000n,
      charges: 2_000n,
      withoutVat: 107_000n,
      vat: 16_730n,
      withVat: 123_730n,
      paid: 23_700n,
      rounding: -30n,
      payable: 100_000n,
    },
    ordinal: 0,
    source: "50".repeat(32),
    owner: seller.holder({ oneTimeKey: true }),
  });
}

/** The rule that refuses, in words what is broken, and the change that breaks it. */
export type Refusal = [rule: string, breach: string, change: (tx: TestTransaction) => unknown];

/** Replaces who signs a contract's command. */
export const signedBy =
  (contract: { name: string }, ...signers: TestParty[]) =>
  (tx: TestTransaction) =>
    tx.changeCommands((command) => (command.contract.name === contract.name ? { signers } : {}));

/** A party that signs by a key alone, as a command may list it. */
export const keyAlone = (party: TestParty, { key }: Holder): TestParty => {
  if (key === undefined) throw new TypeError("the holder has no key of its own");
  return { ...party, signer: { kind: "key", key } };
};

/** One test each: the transaction is valid, and no longer once it is changed. */
export function refuses(valid: TestTransaction, refusals: readonly Refusal[]): void {
  test.each(refusals)("%s: %s", async (rule, _, change) => {
    await valid.tweak(change).failsWith(rule);
  });
}
