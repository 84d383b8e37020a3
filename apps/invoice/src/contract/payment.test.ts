import { cashContract } from "@stateset/cash/contract";
import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import {
  invoiceNetwork,
  PAID_ON,
  PAYMENT_WINDOW,
  refuses,
  signedBy,
} from "../../test/invoice-network.ts";
import { type InvoiceState, invoiceContract } from "./index.ts";

const { approved, invoice, pay, transfer, cash, update, ...parties } = await invoiceNetwork();
const { seller, buyer, factor, stranger } = parties;

/** In `pay`, outputs are the invoice, the payee's cash, and the buyer's change. */
const [PAYEE, CHANGE] = [1, 2];
const amount = (minorUnits: bigint, currency = "EUR") => ({ amount: { minorUnits, currency } });
/** Counts another amount than the fixture, everywhere that it is counted. */
const counts = (paidOnLedger: bigint) => ({
  paidOnLedger,
  payments: [{ on: PAID_ON, amount: paidOnLedger }],
});
const paid = (tx: TestTransaction, paidOnLedger: bigint, status = "partially-paid") =>
  tx.changeOutput(0, () => ({ ...counts(paidOnLedger), status }));

const full = pay(approved(), 100_000n);
const partial = pay(approved(), 40_000n);

describe("cash and invoice in one transaction", () => {
  test("in full, at little gas", async () => {
    const { gas, outputs } = await full.verifies();
    expect(outputs[0]?.state).toMatchObject({ status: "paid", ...counts(100_000n) });
    expect(gas).toBeLessThan(40_000_000n); // nearly all of it for loading
  });

  test("in part, then the rest", async () => {
    const { outputs } = await partial.verifies();
    const half = outputs[0]?.state as InvoiceState;
    expect(half).toMatchObject({ status: "partially-paid", ...counts(40_000n) });
    const rest = await pay(half, 60_000n).verifies();
    expect(rest.outputs[0]?.state).toMatchObject({
      paidOnLedger: 100_000n,
      payments: [
        { on: PAID_ON, amount: 40_000n },
        { on: PAID_ON, amount: 60_000n },
      ],
    });
    await pay(half, 60_001n, { status: "paid" }).failsWith("invoice/not-overpaid");
    await pay(half, 59_999n, { status: "paid" }).failsWith("invoice/status-edge");
  });

  test("after a credit, only what is left", async () => {
    const credited = approved({ creditedOnLedger: 30_000n });
    await pay(credited, 70_000n).verifies();
    await pay(credited, 70_001n, { status: "paid" }).failsWith("invoice/not-overpaid");
  });

  test("by somebody else: what counts is what the payee receives", async () => {
    await full
      .tweak((tx) => tx.changeInput(1, () => cash(stranger, 150_000n)))
      .tweak(signedBy(cashContract, stranger))
      .verifies();
  });

  test("the payee may change coins in passing", async () => {
    await full
      .tweak((tx) =>
        tx
          .input(cashContract, "cash", cash(seller, 700n))
          .changeOutput(PAYEE, () => amount(100_700n)),
      )
      .tweak(signedBy(cashContract, buyer, seller))
      .verifies();
  });

  test("what the document says was paid before (BT-113) is not counted again", async () => {
    await full
      .tweak((tx) =>
        paid(
          tx.changeOutput(PAYEE, () => amount(76_300n)).changeOutput(CHANGE, () => amount(73_700n)),
          100_000n,
          "paid",
        ),
      )
      .failsWith("invoice/pays-current-payee");
  });
});

describe("what is no payment", () => {
  const withoutCash = update(approved(), { status: "paid", ...counts(100_000n) })
    .timeWindow(PAYMENT_WINDOW)
    .command(invoiceContract, "pay", {}, seller);

  test("invoice/pays-current-payee: fault: paid is counted without cash", async () => {
    await withoutCash.failsWith("invoice/pays-current-payee");
  });

  test("invoice/pays-current-payee: cash is shown, not moved", async () => {
    await withoutCash
      .tweak((tx) => tx.reference(cashContract, "cash", cash(seller, 100_000n)))
      .failsWith("invoice/pays-current-payee");
  });

  test("tx/command-missing: cash is moved by no rule", async () => {
    await withoutCash
      .tweak((tx) => tx.output(cashContract, "cash", cash(seller, 100_000n)))
      .failsWith("tx/command-missing");
  });

  test("fault: the cash leg fails and is ignored", async () => {
    const short = full.tweak((tx) => tx.changeInput(1, () => amount(149_999n)));
    await short.failsWith("cash/move-conserves");
    await full.tweak(signedBy(cashContract, stranger)).failsWith("cash/move-signed-by-owner");
    await full.tweak((tx) => tx.withoutSignatureOf(buyer)).failsWith("tx/authority-unsatisfied");
  });

  refuses(full, [
    [
      "invoice/pays-current-payee",
      "to somebody else",
      (tx) => tx.changeOutput(PAYEE, () => ({ owner: stranger.holder() })),
    ],
    [
      "invoice/pays-current-payee",
      "back to the buyer",
      (tx) => tx.changeOutput(PAYEE, () => ({ owner: buyer.holder() })),
    ],
    [
      "invoice/pays-current-payee",
      "less than is counted",
      (tx) =>
        tx.changeOutput(PAYEE, () => amount(99_999n)).changeOutput(CHANGE, () => amount(50_001n)),
    ],
    [
      "invoice/pays-current-payee",
      "more than is counted",
      (tx) =>
        tx.changeOutput(PAYEE, () => amount(100_001n)).changeOutput(CHANGE, () => amount(49_999n)),
    ],
    [
      "invoice/pays-current-payee",
      "in another currency",
      (tx) =>
        tx
          .changeInput(1, () => amount(150_000n, "CHF"))
          .changeOutput(PAYEE, () => amount(100_000n, "CHF"))
          .changeOutput(CHANGE, () => amount(50_000n, "CHF")),
    ],
    [
      "invoice/pays-current-payee",
      "out of the payee's own pocket",
      (tx) =>
        tx
          .changeInput(1, () => cash(seller, 150_000n))
          .changeOutput(CHANGE, () => ({ owner: seller.holder() }))
          .changeCommands(() => ({ signers: [seller] })),
    ],
    ["invoice/payment-positive", "of nothing", (tx) => paid(tx, 0n, "approved")],
    ["invoice/not-overpaid", "of more than is payable", (tx) => paid(tx, 100_001n, "paid")],
    [
      "invoice/status-edge",
      "in full, called partial",
      (tx) => paid(tx, 100_000n, "partially-paid"),
    ],
    [
      "invoice/pay-signed-by-owner",
      "behind the payee's back",
      (tx) => tx.changeCommands(() => ({ signers: [buyer] })),
    ],
    ["invoice/pay-counts", "and the invoice is gone", (tx) => tx.dropOutput(0)],
    [
      "invoice/pay-counts",
      "of no invoice",
      (tx) => tx.changeOutput(0, () => ({ linearId: "b2".repeat(16) })),
    ],
  ]);
  refuses(partial, [
    ["invoice/status-edge", "in part, called paid", (tx) => paid(tx, 40_000n, "paid")],
    ["invoice/status-edge", "in part, called approved", (tx) => paid(tx, 40_000n, "approved")],
  ]);

  test("invoice/payment-positive: a payment is taken back", async () => {
    const half = approved({ status: "partially-paid", ...counts(40_000n) });
    await pay(half, 10_000n, { paidOnLedger: 30_000n }).failsWith("invoice/payment-positive");
  });

  test("invoice/status-edge: paid before the buyer approves", async () => {
    await pay(invoice(), 100_000n).failsWith("invoice/status-edge");
  });
});

describe("several invoices at once", () => {
  const other = approved({ linearId: "b2".repeat(16), number: "AB-2" });
  const both = (received: bigint) =>
    full.tweak((tx) =>
      tx
        .input(invoiceContract, "invoice", other)
        .output(invoiceContract, "invoice", {
          ...other,
          status: "partially-paid",
          ...counts(20_000n),
        })
        .changeOutput(PAYEE, () => amount(received))
        .changeOutput(CHANGE, () => amount(150_000n - received)),
    );

  test("of one payee, with their sum", async () => {
    await both(120_000n).verifies();
  });

  test("invoice/pays-current-payee: fault: cash is counted for two invoices", async () => {
    await both(100_000n).failsWith("invoice/pays-current-payee");
  });

  test("of two payees, each its own", async () => {
    const sold = { ...other, owner: factor.holder({ oneTimeKey: true }) };
    const two = full
      .tweak((tx) =>
        tx
          .input(invoiceContract, "invoice", sold)
          .output(invoiceContract, "invoice", {
            ...sold,
            status: "partially-paid",
            ...counts(20_000n),
          })
          .output(cashContract, "cash", cash(factor, 20_000n))
          .changeOutput(CHANGE, () => amount(30_000n)),
      )
      .tweak(signedBy(invoiceContract, seller, factor));
    await two.verifies();
    await two
      .tweak((tx) => tx.changeOutput(4, () => ({ owner: seller.holder() })))
      .failsWith("invoice/pays-current-payee");
    await two.tweak(signedBy(invoiceContract, seller)).failsWith("invoice/pay-signed-by-owner");
  });
});

describe("after a transfer", () => {
  test("the new owner is paid, and the old one no longer", async () => {
    const { outputs } = await transfer(approved()).verifies();
    const payment = pay(outputs[0]?.state as InvoiceState, 100_000n);
    await payment.verifies();
    const toSeller = payment.tweak((tx) =>
      tx.changeOutput(PAYEE, () => ({ owner: seller.holder() })),
    );
    await toSeller.failsWith("invoice/pays-current-payee");
    await toSeller
      .tweak(signedBy(invoiceContract, seller))
      .failsWith("invoice/pay-signed-by-owner");
  });
});
