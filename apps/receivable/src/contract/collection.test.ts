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
import { plusDays, receivableContract } from "./index.ts";

const network = await receivableNetwork();
const { invoice, receivable, terms, cash, collect, markOverdue, callRecourse, writeOff } = network;
const { lender, assignor, debtor, stranger } = network;

const by = (...signers: (typeof lender)[]) => signedBy(receivableContract, ...signers);
const partly = () => invoice([["2026-03-20", 30_000n]]);
const credited = () => invoice([], { creditedOnLedger: 10_000n });

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

  test("receivable/still-owing: paid, or credited, in full", async () => {
    for (const closed of [
      invoice([["2026-04-01", 100_000n]]),
      invoice([], { creditedOnLedger: 100_000n }),
    ])
      await markOverdue(receivable(), closed, late).failsWith("receivable/still-owing");
  });

  refuses(valid, [
    ["receivable/dated-by-window", "some time", (tx) => tx.timeWindow({ from: 0 })],
    ["receivable/mark-overdue-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/mark-overdue-keeps-collected", "and collected", output(0, { collected: 1n })],
    ["receivable/mark-overdue-counts", "and it is gone", (tx) => tx.dropOutput(0)],
  ]);

  test("receivable/invoice-shown: without the invoice", async () => {
    const before = receivable();
    await network
      .tx()
      .timeWindow(windowOn(late))
      .input(receivableContract, "receivable", before)
      .output(receivableContract, "receivable", { ...before, status: "overdue" })
      .command(receivableContract, "mark-overdue", {}, lender)
      .failsWith("receivable/invoice-shown");
  });
});

describe("call-recourse", () => {
  const overdue = receivable({ status: "overdue", terms: terms({ recourseDays: 30 }) });
  const valid = callRecourse(overdue, plusDays(DUE, 30));

  test("to the last day agreed", async () => {
    await valid.verifies();
  });

  test("receivable/recourse-in-time: a day later", async () => {
    await callRecourse(overdue, plusDays(DUE, 31)).failsWith("receivable/recourse-in-time");
  });

  test("receivable/recourse-agreed: where there is none", async () => {
    await callRecourse(receivable({ status: "overdue" }), plusDays(DUE, 1)).failsWith(
      "receivable/recourse-agreed",
    );
    const forDilution = terms({ dilutionRecourse: true });
    await callRecourse(
      receivable({ status: "overdue", terms: forDilution }),
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
  const valid = network.default(overdue, plusDays(DUE, 31));

  test("once recourse is over; without recourse, once it is due", async () => {
    await valid.verifies();
    await network.default(receivable({ status: "overdue" }), plusDays(DUE, 1)).verifies();
    await network.default({ ...overdue, status: "recourse-called" }, plusDays(DUE, 31)).verifies();
  });

  test("receivable/default-late: within the days of recourse", async () => {
    await network.default(overdue, plusDays(DUE, 30)).failsWith("receivable/default-late");
    const without = receivable({ status: "overdue" });
    await network.default(without, DUE).failsWith("receivable/default-late");
  });

  refuses(valid, [
    ["receivable/dated-by-window", "some time", (tx) => tx.timeWindow({ until: 1 })],
    ["receivable/default-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/default-keeps-terms", "on other terms", output(0, { terms: terms() })],
    ["receivable/default-counts", "and it is gone", (tx) => tx.dropOutput(0)],
  ]);
});

describe("write-off", () => {
  const owned = (of = invoice()) => ({ ...of, owner: lender.holder({ oneTimeKey: true }) });
  const valid = writeOff(receivable({ status: "defaulted" }), owned());

  test("of the receivable and its invoice together", async () => {
    await valid.verifies();
    await writeOff(receivable({ status: "defaulted" }), owned(partly())).verifies();
  });

  test("receivable/invoice-written-off: and the invoice goes elsewhere", async () => {
    const before = receivable({ status: "defaulted" });
    await network
      .tx()
      .input(receivableContract, "receivable", before)
      .output(receivableContract, "receivable", { ...before, status: "written-off" })
      .input(invoiceContract, "invoice", owned())
      .output(invoiceContract, "invoice", { ...invoice(), owner: assignor.holder() })
      .command(receivableContract, "write-off", {}, lender)
      .command(invoiceContract, "transfer", {}, lender, assignor)
      .failsWith("receivable/invoice-written-off");
  });

  test("receivable/invoice-shown: of another invoice, or of one only referred to", async () => {
    const other = { ...owned(), number: "AB-2026-00418" };
    await writeOff(receivable({ status: "defaulted" }), other).failsWith(
      "receivable/invoice-shown",
    );
    const before = receivable({ status: "defaulted" });
    await network
      .tx()
      .input(receivableContract, "receivable", before)
      .output(receivableContract, "receivable", { ...before, status: "written-off" })
      .reference(invoiceContract, "invoice", { ...owned(), status: "written-off" })
      .command(receivableContract, "write-off", {}, lender)
      .failsWith("receivable/invoice-shown");
  });

  refuses(valid, [
    ["receivable/write-off-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/write-off-keeps-collected", "and collected", output(0, { collected: 1n })],
    ["receivable/write-off-counts", "and it is gone", (tx) => tx.dropOutput(0)],
  ]);
});
