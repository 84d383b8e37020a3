import { cashContract } from "@stateset/cash/contract";
import type { TestParty, TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import { invoiceNetwork, PAID_ON, PAYMENT_WINDOW, signedBy } from "../../test/invoice-network.ts";
import { type InvoiceState, invoiceContract } from "./index.ts";

const { ledger, approved, cash, tx, seller, buyer, factor, bank } = await invoiceNetwork();
const otherBank = ledger.party("Volksbank");
const doubtful = ledger.party("Luftbank");

const named = (...issuers: TestParty[]) => issuers.map(({ party }) => party.id);
const second = { linearId: "b2".repeat(16), number: "AB-2" };

type Coin = { issuer: TestParty; amount: bigint; to?: TestParty };

/** Each invoice counts so much as paid by coins of the buyer's, each spent as a whole. */
function payment(invoices: { before: InvoiceState; paid: bigint }[], coins: Coin[]) {
  const transaction = tx().timeWindow(PAYMENT_WINDOW);
  for (const { before, paid } of invoices) {
    transaction.input(invoiceContract, "invoice", before).output(invoiceContract, "invoice", {
      ...before,
      status: paid === before.totals.payable ? "paid" : "partially-paid",
      paidOnLedger: paid,
      payments: [{ on: PAID_ON, amount: paid }],
    });
  }
  for (const { issuer, amount, to = seller } of coins) {
    const of = { issuer: issuer.party };
    transaction.input(cashContract, "cash", cash(buyer, amount, of));
    transaction.output(cashContract, "cash", cash(to, amount, of));
  }
  const owners = [seller, factor].filter(({ party }) =>
    invoices.some(({ before }) => before.owner.identity === party.id),
  );
  return transaction
    .command(invoiceContract, "pay", {}, ...owners)
    .command(cashContract, "move", {}, buyer);
}

const inFull = (cashIssuers: InvoiceState["cashIssuers"], ...coins: Coin[]) =>
  payment([{ before: approved({ cashIssuers }), paid: 100_000n }], coins);

describe("an invoice names whose cash pays it", () => {
  test("any one of them, or several at once", async () => {
    const both = named(bank, otherBank);
    await inFull(both, { issuer: bank, amount: 100_000n }).verifies();
    await inFull(both, { issuer: otherBank, amount: 100_000n }).verifies();
    await inFull(
      both,
      { issuer: bank, amount: 60_000n },
      { issuer: otherBank, amount: 40_000n },
    ).verifies();
  });

  test("invoice/accepted-cash: a doubtful issuer's, though the payee signs", async () => {
    const { fault } = await inFull(named(bank), { issuer: doubtful, amount: 100_000n }).failsWith(
      "invoice/accepted-cash",
    );
    expect(JSON.stringify(fault)).toContain(doubtful.party.id);
  });

  test("invoice/accepted-cash: one cent of a doubtful issuer's", async () => {
    const coins = (issuer: TestParty) => [
      { issuer: bank, amount: 99_999n },
      { issuer, amount: 1n },
    ];
    await inFull(named(bank), ...coins(bank)).verifies();
    await inFull(named(bank), ...coins(doubtful)).failsWith("invoice/accepted-cash");
  });

  test("invoice/accepted-cash: a doubtful gift beside the payment", async () => {
    await inFull(
      named(bank),
      { issuer: bank, amount: 100_000n },
      { issuer: doubtful, amount: 1n },
    ).failsWith("invoice/accepted-cash");
  });

  test("invoice/accepted-cash: the buyer's own cash", async () => {
    await inFull(named(bank), { issuer: buyer, amount: 100_000n }).failsWith(
      "invoice/accepted-cash",
    );
  });

  test("what others receive in the same transaction is not the payee's to judge", async () => {
    await inFull(
      named(bank),
      { issuer: bank, amount: 100_000n },
      { issuer: doubtful, amount: 500n, to: factor },
    ).verifies();
  });
});

describe("the payee changes coins in passing", () => {
  /** The payee puts a coin of the one issuer in, and takes out as much of the other's. */
  const swapping = (into: TestParty, outOf: TestParty, amount = 700n) => {
    const coin = (owner: TestParty, issuer: TestParty) =>
      cash(owner, amount, { issuer: issuer.party });
    return (transaction: TestTransaction) =>
      transaction
        .input(cashContract, "cash", coin(seller, into))
        .output(cashContract, "cash", coin(buyer, into))
        .input(cashContract, "cash", coin(buyer, outOf))
        .output(cashContract, "cash", coin(seller, outOf));
  };
  const paid = inFull(named(bank, otherBank), { issuer: bank, amount: 100_000n }).tweak(
    signedBy(cashContract, buyer, seller),
  );

  test("among issuers that it accepts, and away from one that it does not", async () => {
    await paid.tweak(swapping(bank, otherBank)).verifies();
    await paid.tweak(swapping(otherBank, bank)).verifies();
    await paid.tweak(swapping(doubtful, bank)).verifies();
  });

  test("a doubtful coin of its own, for smaller ones of the same", async () => {
    const of = { issuer: doubtful.party };
    await paid
      .tweak((transaction) =>
        transaction
          .input(cashContract, "cash", cash(seller, 700n, of))
          .output(cashContract, "cash", cash(seller, 300n, of))
          .output(cashContract, "cash", cash(seller, 400n, of)),
      )
      .verifies();
  });

  test("invoice/accepted-cash: good coins for doubtful ones", async () => {
    await paid.tweak(swapping(bank, doubtful)).failsWith("invoice/accepted-cash");
    await paid.tweak(swapping(otherBank, doubtful)).failsWith("invoice/accepted-cash");
  });

  test("invoice/pays-current-payee: what it gives away meanwhile is not paid to it", async () => {
    const of = { issuer: doubtful.party };
    await paid
      .tweak((transaction) =>
        transaction
          .input(cashContract, "cash", cash(seller, 700n, of))
          .output(cashContract, "cash", cash(buyer, 700n, of)),
      )
      .failsWith("invoice/pays-current-payee");
  });
});

describe("two invoices at once", () => {
  const two = (
    one: Partial<InvoiceState>,
    other: Partial<InvoiceState>,
    ...coins: [Coin, ...Coin[]]
  ) =>
    payment(
      [
        { before: approved(one), paid: 100_000n },
        { before: approved({ ...second, ...other }), paid: 20_000n },
      ],
      coins,
    );

  test("of one payee are paid in cash that both accept", async () => {
    const [one, other] = [
      { cashIssuers: named(bank, otherBank) },
      { cashIssuers: named(doubtful, otherBank) },
    ];
    await two(one, other, { issuer: otherBank, amount: 120_000n }).verifies();
    await two(other, one, { issuer: otherBank, amount: 120_000n }).verifies();
  });

  test("invoice/accepted-cash: in cash that one of them accepts", async () => {
    const [one, other] = [
      { cashIssuers: named(bank, otherBank) },
      { cashIssuers: named(doubtful, otherBank) },
    ];
    for (const issuer of [bank, doubtful]) {
      const coin = { issuer, amount: 120_000n };
      await two(one, other, coin).failsWith("invoice/accepted-cash");
      await two(other, one, coin).failsWith("invoice/accepted-cash");
    }
  });

  test("invoice/accepted-cash: in cash of each, with none in common", async () => {
    await two(
      { cashIssuers: named(bank) },
      { cashIssuers: named(otherBank) },
      { issuer: bank, amount: 100_000n },
      { issuer: otherBank, amount: 20_000n },
    ).failsWith("invoice/accepted-cash");
  });

  test("of two payees, each in cash that it accepts", async () => {
    const own = { cashIssuers: named(bank) };
    const sold = { cashIssuers: named(otherBank), owner: factor.holder({ oneTimeKey: true }) };
    const coins = (one: TestParty, other: TestParty): [Coin, Coin] => [
      { issuer: one, amount: 100_000n },
      { issuer: other, amount: 20_000n, to: factor },
    ];
    await two(own, sold, ...coins(bank, otherBank)).verifies();
    await two(own, sold, ...coins(otherBank, bank)).failsWith("invoice/accepted-cash");
    await two(own, sold, ...coins(bank, bank)).failsWith("invoice/accepted-cash");
  });

  test("of one payee in two currencies, each in cash that it accepts", async () => {
    const francs = (issuer: TestParty) => (transaction: TestTransaction) => {
      const amount = { minorUnits: 20_000n, currency: "CHF" };
      return transaction
        .input(cashContract, "cash", cash(buyer, 1n, { issuer: issuer.party, amount }))
        .output(cashContract, "cash", cash(seller, 1n, { issuer: issuer.party, amount }));
    };
    const paid = two(
      { cashIssuers: named(bank) },
      { cashIssuers: named(otherBank), currency: "CHF" },
      { issuer: bank, amount: 100_000n },
    );
    await paid.tweak(francs(otherBank)).verifies();
    await paid.tweak(francs(bank)).failsWith("invoice/accepted-cash");
  });
});
