import { cashContract } from "@stateset/cash/contract";
import { type InvoiceState, invoiceContract } from "@stateset/invoice/contract";
import { describe, test } from "vitest";
import {
  DUE,
  output,
  receivableNetwork,
  refuses,
  signedBy,
  windowOn,
} from "../../test/receivable-network.ts";
import { plusDays, type ReceivableState, receivableContract } from "./index.ts";

const network = await receivableNetwork();
const { invoice, receivable, terms, cash, collect, markOverdue, callRecourse } = network;
const { lender, assignor, debtor, stranger } = network;

const by = (...signers: (typeof lender)[]) => signedBy(receivableContract, ...signers);
const partly = () => invoice([["2026-03-20", 30_000n]]);
const credited = () => invoice([], { creditedOnLedger: 10_000n });
const CLOSED: [how: string, InvoiceState][] = [
  ["paid in full", invoice([["2026-04-01", 100_000n]])],
  ["credited in full", invoice([], { creditedOnLedger: 100_000n })],
  ["given up by the lender", { ...partly(), status: "written-off" }],
];

/** Something is said of the receivable, and of the invoice nothing is shown. */
const unseen = (command: string, before: ReceivableState, after: ReceivableState["status"]) =>
  network
    .tx()
    .timeWindow(windowOn(plusDays(DUE, 1)))
    .input(receivableContract, "receivable", before)
    .output(receivableContract, "receivable", { ...before, status: after })
    .command(receivableContract, command, {}, lender);

describe("collect", () => {
  const valid = collect(receivable(), partly());

  test("what was paid and credited since the assignment, and no more", async () => {
    await valid.verifies();
    await collect(receivable(), credited()).verifies();
    const more = invoice([
      ["2026-03-05", 30_000n],
      ["2026-03-20", 20_000n],
    ]);
    const second = receivable({ paidBefore: 30_000n, status: "collecting", collected: 15_000n });
    await collect(second, more).verifies();
    await collect(receivable({ status: "defaulted" }), partly()).verifies();
  });

  test("in the transaction that pays the invoice", async () => {
    const owned = invoice([], { owner: lender.holder() });
    const after: InvoiceState = { ...partly(), owner: owned.owner };
    const before = receivable();
    await network
      .tx()
      .timeWindow(windowOn("2026-03-20"))
      .input(receivableContract, "receivable", before)
      .output(receivableContract, "receivable", {
        ...before,
        status: "collecting",
        collected: 30_000n,
      })
      .input(invoiceContract, "invoice", owned)
      .output(invoiceContract, "invoice", after)
      .input(cashContract, "cash", cash(debtor, 30_000n))
      .output(cashContract, "cash", cash(lender, 30_000n))
      .command(receivableContract, "collect", {}, lender)
      .command(invoiceContract, "pay", {}, lender)
      .command(cashContract, "move", {}, debtor)
      .verifies();
  });

  refuses(valid, [
    ["receivable/collects-what-was-paid", "more than was paid", output(0, { collected: 30_001n })],
    ["receivable/collects-what-was-paid", "less than was paid", output(0, { collected: 29_999n })],
    ["receivable/collects-what-was-paid", "what nobody credited", output(0, { diluted: 1n })],
    ["receivable/status-edge", "settled at once", output(0, { status: "settled" })],
    ["receivable/collect-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/collect-keeps-released", "and released", output(0, { released: 1n })],
    ["receivable/collect-counts", "and the receivable is gone", (tx) => tx.dropOutput(0)],
    [
      "receivable/invoice-shown",
      "of two invoices at once",
      (tx) => tx.reference(invoiceContract, "invoice", partly()),
    ],
  ]);

  test("receivable/collects-something: nothing new", async () => {
    await collect(receivable(), invoice()).failsWith("receivable/collects-something");
    const known = receivable({ status: "collecting", collected: 30_000n });
    await collect(known, partly()).failsWith("receivable/collects-something");
  });

  test("receivable/status-edge: a default is not undone by what still comes in", async () => {
    await collect(receivable({ status: "defaulted" }), partly())
      .tweak(output(0, { status: "collecting" }))
      .failsWith("receivable/status-edge");
  });

  test.each([
    ["another linear id", { linearId: "a2".repeat(16) }],
    ["another number under the same linear id", { number: "AB-2026-00418" }],
    ["another seller", { seller: stranger.party }],
    ["another buyer", { buyer: stranger.party }],
    ["another currency", { currency: "CHF" }],
  ])("receivable/invoice-shown: %s", async (_, change) => {
    const other = { ...partly(), ...change };
    await collect(receivable(), other).failsWith("receivable/invoice-shown");
  });
});

describe("mark-overdue", () => {
  const late = plusDays(DUE, 1);
  const valid = markOverdue(receivable(), invoice(), late);

  test("a day after the due date", async () => {
    await valid.verifies();
    const collecting = receivable({ status: "collecting", collected: 30_000n });
    await markOverdue(collecting, partly(), late).verifies();
  });

  test("receivable/past-due: on the due date", async () => {
    await markOverdue(receivable(), invoice(), DUE).failsWith("receivable/past-due");
  });

  test.each(CLOSED)("receivable/still-owing: %s", async (_, closed) => {
    await markOverdue(receivable(), closed, late).failsWith("receivable/still-owing");
  });

  refuses(valid, [
    ["receivable/dated-by-window", "some time", (tx) => tx.timeWindow({ from: 0 })],
    ["receivable/mark-overdue-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/mark-overdue-keeps-collected", "and collected", output(0, { collected: 1n })],
    ["receivable/mark-overdue-counts", "and it is gone", (tx) => tx.dropOutput(0)],
  ]);

  test("receivable/invoice-shown: without the invoice", async () => {
    await unseen("mark-overdue", receivable(), "overdue").failsWith("receivable/invoice-shown");
  });
});

describe("call-recourse", () => {
  const overdue = receivable({ status: "overdue", terms: terms({ recourseDays: 30 }) });
  const valid = callRecourse(overdue, invoice(), plusDays(DUE, 30));

  test("to the last day agreed", async () => {
    await valid.verifies();
  });

  test("receivable/recourse-in-time: a day later", async () => {
    await callRecourse(overdue, invoice(), plusDays(DUE, 31)).failsWith(
      "receivable/recourse-in-time",
    );
  });

  test.each(CLOSED)("receivable/still-owing: %s", async (_, closed) => {
    await callRecourse(overdue, closed, DUE).failsWith("receivable/still-owing");
  });

  test("receivable/invoice-shown: without the invoice, or with another", async () => {
    await unseen("call-recourse", overdue, "recourse-called").failsWith("receivable/invoice-shown");
    const other = invoice([], { number: "AB-2026-00418" });
    await callRecourse(overdue, other, DUE).failsWith("receivable/invoice-shown");
  });

  test("receivable/recourse-agreed: where there is none", async () => {
    for (const agreed of [terms(), terms({ dilutionRecourse: true })])
      await callRecourse(
        receivable({ status: "overdue", terms: agreed }),
        invoice(),
        plusDays(DUE, 1),
      ).failsWith("receivable/recourse-agreed");
  });

  refuses(valid, [
    ["receivable/dated-by-window", "some time", (tx) => tx.timeWindow({ from: 0 })],
    ["receivable/call-recourse-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/call-recourse-keeps-charged", "and charged", output(0, { charged: 1n })],
    ["receivable/call-recourse-counts", "and it is gone", (tx) => tx.dropOutput(0)],
  ]);
});

describe("default", () => {
  const overdue = receivable({ status: "overdue", terms: terms({ recourseDays: 30 }) });
  const valid = network.default(overdue, invoice(), plusDays(DUE, 31));

  test("once recourse is over; without recourse, once it is due", async () => {
    await valid.verifies();
    await network.default(receivable({ status: "overdue" }), partly(), plusDays(DUE, 1)).verifies();
    const called = receivable({ ...overdue, status: "recourse-called" });
    await network.default(called, invoice(), plusDays(DUE, 31)).verifies();
  });

  test("receivable/default-late: within the days of recourse", async () => {
    const [last, without] = [plusDays(DUE, 30), receivable({ status: "overdue" })];
    await network.default(overdue, invoice(), last).failsWith("receivable/default-late");
    await network.default(without, invoice(), DUE).failsWith("receivable/default-late");
  });

  test.each(CLOSED)("receivable/still-owing: %s", async (_, closed) => {
    const late = plusDays(DUE, 31);
    await network.default(overdue, closed, late).failsWith("receivable/still-owing");
  });

  test("receivable/invoice-shown: without the invoice", async () => {
    const late = receivable({ status: "overdue" });
    await unseen("default", late, "defaulted").failsWith("receivable/invoice-shown");
  });

  refuses(valid, [
    ["receivable/dated-by-window", "some time", (tx) => tx.timeWindow({ until: 1 })],
    ["receivable/default-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/default-keeps-terms", "on other terms", output(0, { terms: terms() })],
    ["receivable/default-counts", "and it is gone", (tx) => tx.dropOutput(0)],
  ]);
});
