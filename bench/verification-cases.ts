import { join } from "node:path";
import { type CashState, cashContract } from "@stateset/cash/contract";
import { type InvoiceState, invoiceContract } from "@stateset/invoice/contract";
import { TestLedger, type TestTransaction } from "@stateset/testing";

const APPS = join(import.meta.dirname, "../apps");

const PAID_ON = "2026-11-20";
const noon = Date.parse(`${PAID_ON}T12:00:00Z`);

/** The transactions that verification is measured on. */
export async function verificationCases(): Promise<{
  ledger: TestLedger;
  /** Two states of cash in, two out. */
  cashMove: TestTransaction;
  /** An invoice in and out, and one state of cash in, two out. */
  invoicePayment: TestTransaction;
  /** An invoice comes into being: all of its arithmetic, with so many lines. */
  invoiceIssue: (lines: number) => TestTransaction;
}> {
  const contracts = ["cash", "invoice"].map((app) => join(APPS, app));
  const ledger = await TestLedger.start({ contracts });
  const bank = ledger.party("Bank");
  const buyer = ledger.party("Buyer");
  const seller = ledger.party("Seller");
  const cash = (owner: typeof buyer, minorUnits: bigint): CashState => ({
    issuer: bank.party,
    owner: owner.holder({ oneTimeKey: true }),
    amount: { minorUnits, currency: "EUR" },
  });
  const invoice = (lines: number): InvoiceState => ({
    ...invoiceOf(lines, seller, buyer),
    cashIssuers: [bank.party.id],
  });
  const approved: InvoiceState = { ...invoice(8), status: "approved" };
  const { payable } = approved.totals;
  const paid: InvoiceState = {
    ...approved,
    status: "paid",
    paidOnLedger: payable,
    payments: [{ on: PAID_ON, amount: payable }],
  };
  return {
    ledger,
    cashMove: ledger
      .transaction()
      .input(cashContract, "cash", cash(buyer, 700n))
      .input(cashContract, "cash", cash(buyer, 500n))
      .output(cashContract, "cash", cash(seller, 900n))
      .output(cashContract, "cash", cash(buyer, 300n))
      .command(cashContract, "move", {}, buyer),
    invoicePayment: ledger
      .transaction()
      .timeWindow({ from: noon, until: noon + 600_000 })
      .input(invoiceContract, "invoice", approved)
      .input(cashContract, "cash", cash(buyer, payable + 500n))
      .output(invoiceContract, "invoice", paid)
      .output(cashContract, "cash", cash(seller, payable))
      .output(cashContract, "cash", cash(buyer, 500n))
      .command(invoiceContract, "pay", {}, seller)
      .command(cashContract, "move", {}, buyer),
    invoiceIssue: (lines) =>
      ledger
        .transaction()
        .output(invoiceContract, "invoice", invoice(lines))
        .command(invoiceContract, "issue", {}, seller),
  };
}

type Company = ReturnType<TestLedger["party"]>;

function invoiceOf(
  count: number,
  seller: Company,
  buyer: Company,
): Omit<InvoiceState, "cashIssuers"> {
  const lines = Array.from({ length: count }, (_, i) => ({
    id: String(i + 1),
    name: `Spindle unit SP-${i}`,
    sellerItemId: `SP-${i}-W`,
    quantity: String(i + 2),
    unit: "C62",
    price: "19.99",
    netAmount: 1999n * BigInt(i + 2),
    vatCategory: "S",
    vatRate: "19",
  }));
  const lineNet = lines.reduce((sum, { netAmount }) => sum + netAmount, 0n);
  const vat = (lineNet * 19n + 50n) / 100n;
  const withVat = lineNet + vat;
  return {
    linearId: "00112233445566778899aabbccddeeff",
    number: "2026-0001",
    issueDate: "2026-11-02",
    dueDate: "2026-12-02",
    typeCode: "380",
    currency: "EUR",
    seller: seller.party,
    buyer: buyer.party,
    owner: seller.holder({ oneTimeKey: true }),
    lines,
    allowances: [],
    charges: [],
    vatBreakdown: [{ taxableAmount: lineNet, taxAmount: vat, vatCategory: "S", vatRate: "19" }],
    totals: {
      lineNet,
      allowances: 0n,
      charges: 0n,
      withoutVat: lineNet,
      vat,
      withVat,
      paid: 0n,
      rounding: 0n,
      payable: withVat,
    },
    ordinal: 0,
    source: "00".repeat(32),
    status: "issued",
    paidOnLedger: 0n,
    creditedOnLedger: 0n,
    payments: [],
  };
}
