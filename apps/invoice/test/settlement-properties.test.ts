import { type CashState, cashContract } from "@stateset/cash/contract";
import { arbitraryCash, arbitraryInvoiceDocument } from "@stateset/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type InvoiceState, invoiceContract } from "../src/contract/index.ts";
import { invoiceNetwork, PAID_ON, PAYMENT_WINDOW } from "./invoice-network.ts";

const { approved, update, pay, cash, seller, buyer, bank } = await invoiceNetwork();

const RUNS = { numRuns: 100 };
const coins = fc.array(
  arbitraryCash({
    issuers: [bank],
    owners: [buyer],
    currencies: ["EUR"],
    minorUnitsMax: 10n ** 9n,
  }),
  { minLength: 1, maxLength: 6 },
);
const documents = arbitraryInvoiceDocument().map((document) =>
  approved({ ...document, currency: "EUR" }),
);

/** The coins pay what they can of the invoice, and the buyer gets change. */
function payment(before: InvoiceState, of: CashState[], counted: bigint, received = counted) {
  const paidOnLedger = before.paidOnLedger + counted;
  const status = paidOnLedger === before.totals.payable ? "paid" : "partially-paid";
  const change = worth(of) - received;
  const payments = [...before.payments, { on: PAID_ON, amount: counted }];
  const tx = update(before, { paidOnLedger, payments, status }).timeWindow(PAYMENT_WINDOW);
  for (const coin of of) tx.input(cashContract, "cash", coin);
  tx.output(cashContract, "cash", cash(seller, received));
  if (change > 0n) tx.output(cashContract, "cash", cash(buyer, change));
  return tx.command(invoiceContract, "pay", {}, seller).command(cashContract, "move", {}, buyer);
}

const worth = (of: CashState[]) => of.reduce((sum, { amount }) => sum + amount.minorUnits, 0n);
const least = (a: bigint, b: bigint) => (a < b ? a : b);

test("whatever coins pay whatever invoice, as much is counted as is received", async () => {
  const property = fc.asyncProperty(documents, coins, async (invoice, of) => {
    const counted = least(worth(of), invoice.totals.payable);
    await payment(invoice, of, counted).verifies();
    if (counted > 1n)
      await payment(invoice, of, counted, counted - 1n).failsWith("invoice/pays-current-payee");
    if (counted < invoice.totals.payable)
      await payment(invoice, of, counted + 1n, counted).failsWith("invoice/pays-current-payee");
    else await payment(invoice, of, counted + 1n, counted).failsWith("invoice/not-overpaid");
  });
  await fc.assert(property, RUNS);
});

test("however it is paid in parts, it ends paid by just what was payable", async () => {
  const parts = fc.array(fc.bigInt({ min: 1n, max: 60_000n }), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(parts, async (amounts) => {
    let invoice = approved();
    let received = 0n;
    while (invoice.status !== "paid") {
      const outstanding = invoice.totals.payable - invoice.paidOnLedger;
      const amount = least(amounts.shift() ?? outstanding, outstanding);
      const { outputs } = await pay(invoice, amount).verifies();
      invoice = outputs[0]?.state as InvoiceState;
      received += amount;
      expect(invoice.payments.reduce((sum, payment) => sum + payment.amount, 0n)).toBe(received);
    }
    expect(received).toBe(invoice.totals.payable);
    await pay(invoice, 1n, { status: "paid" }).failsWith("invoice/not-overpaid");
  });
  await fc.assert(property, { numRuns: 30 });
});
