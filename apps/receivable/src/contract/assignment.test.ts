import { cashContract } from "@stateset/cash/contract";
import { invoiceContract } from "@stateset/invoice/contract";
import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
import {
  ASSIGNED_ON,
  FACE,
  output,
  receivableNetwork,
  refuses,
  signedBy,
  VALID_UNTIL,
  windowOn,
} from "../../test/receivable-network.ts";
import { receivableContract } from "./index.ts";

const { assign, accepted, offered, invoice, terms, cash, receivable, ...parties } =
  await receivableNetwork();
const { assignor, lender, debtor, stranger, bank } = parties;

/** Of `assign`. */
const [RECEIVABLE, NOTICE, INVOICE, PAYEE, CHANGE] = [0, 1, 2, 3, 4];
const valid = assign(accepted(), invoice());
const amount = (minorUnits: bigint, currency = "EUR") => ({ amount: { minorUnits, currency } });

describe("title against cash", () => {
  test("receivable and notice begin, the invoice and the advance change hands", async () => {
    const { outputs, gas } = await valid.verifies();
    expect(outputs[RECEIVABLE]?.state).toMatchObject({ advance: 80_000n, reserve: 20_000n });
    expect(outputs[NOTICE]?.state).toMatchObject({ amount: FACE, status: "prepared" });
    expect(gas).toBeLessThan(80_000_000n); // nearly all of it for loading
  });

  test("an invoice that was paid in part: what is left of it", async () => {
    const partly = invoice([["2026-03-05", 30_000n]], { creditedOnLedger: 5_000n });
    const rest = accepted({ face: 65_000n });
    await assign(rest, partly, { advance: 52_000n, reserve: 13_000n }).verifies();
    await assign(accepted(), partly).failsWith("receivable/face-outstanding");
  });

  test("an invoice without a due date falls due as the two agree", async () => {
    const open = invoice();
    delete open.dueDate;
    await assign(accepted({ dueDate: "2026-05-01" }), open).verifies();
  });

  test("the advance is rounded down, whatever the rate", async () => {
    const third = accepted({ terms: terms({ advanceRate: "33.333333" }) });
    await assign(third, invoice(), { advance: 33_333n, reserve: 66_667n }).verifies();
    const up = assign(third, invoice(), { advance: 33_334n, reserve: 66_666n });
    await up.failsWith("receivable/advance-as-agreed");
    const all = accepted({ terms: terms({ advanceRate: "100" }) });
    await assign(all, invoice(), { advance: FACE, reserve: 0n }).verifies();
  });

  test("late, as far as agreed", async () => {
    const late = (overdueDaysMax: number) =>
      assign(
        accepted({ dueDate: "2026-03-08", terms: terms({ overdueDaysMax }) }),
        invoice([], { dueDate: "2026-03-08" }),
      );
    await late(2).verifies();
    await late(1).failsWith("receivable/not-overdue");
  });
});

describe("what is no assignment", () => {
  refuses(valid, [
    [
      "receivable/offer-accepted",
      "of an offer that nobody accepted",
      (tx) => tx.changeInput(0, () => ({ status: "offered" })),
    ],
    [
      "receivable/offer-valid",
      "after the offer's end",
      (tx) => tx.changeInput(0, () => ({ validUntil: windowOn(ASSIGNED_ON).until - 1 })),
    ],
    [
      "receivable/offer-valid",
      "some time or other",
      (tx) => tx.timeWindow({ from: windowOn(ASSIGNED_ON).from }),
    ],
    ...Object.entries({
      invoice: "a2".repeat(16),
      invoiceNumber: "AB-2026-00418",
      lender: stranger.party,
      assignor: stranger.party,
      debtor: stranger.party,
      currency: "CHF",
      face: FACE + 1n,
      dueDate: "2026-04-10",
      terms: terms({ feeRate: "0.6" }),
    }).map(([field, value]): [string, string, (tx: TestTransaction) => unknown] => [
      "receivable/as-offered",
      `another ${field}`,
      output(RECEIVABLE, { [field]: value }),
    ]),
    [
      "receivable/as-offered",
      "with recourse that was not agreed",
      output(RECEIVABLE, { terms: terms({ recourseDays: 30 }) }),
    ],
    [
      "receivable/lender-owns",
      "the receivable for somebody else",
      output(RECEIVABLE, { owner: stranger.holder() }),
    ],
    [
      "receivable/lender-owns",
      "the notice for somebody else",
      output(NOTICE, { owner: stranger.holder() }),
    ],
    [
      "receivable/dated-by-window",
      "on another day",
      output(RECEIVABLE, { assignedOn: "2026-03-09" }),
    ],
    [
      "receivable/dated-by-window",
      "on a day of one's choice",
      (tx) => tx.timeWindow({ from: windowOn(ASSIGNED_ON).until - 86_400_001, until: VALID_UNTIL }),
    ],
    ["receivable/dated-by-window", "on no day", (tx) => tx.timeWindow({ until: VALID_UNTIL })],
    ["receivable/advance-as-agreed", "a greater advance", output(RECEIVABLE, { advance: 80_001n })],
    ["receivable/advance-as-agreed", "a smaller advance", output(RECEIVABLE, { advance: 79_999n })],
    ["receivable/reserve-is-rest", "a smaller reserve", output(RECEIVABLE, { reserve: 19_999n })],
    [
      "receivable/assigned-fresh",
      "in another status",
      output(RECEIVABLE, { status: "collecting" }),
    ],
    ...["collected", "diluted", "discount", "fee", "released", "charged"].map(
      (field): [string, string, (tx: TestTransaction) => unknown] => [
        "receivable/assigned-fresh",
        `${field} already`,
        output(RECEIVABLE, { [field]: 1n }),
      ],
    ),
    ["receivable/assigned-fresh", "paid before", output(RECEIVABLE, { paidBefore: 1n })],
    ["receivable/assigned-fresh", "credited before", output(RECEIVABLE, { creditedBefore: 1n })],
  ]);

  refuses(valid, [
    ...Object.entries({
      receivable: "5f".repeat(16),
      invoice: "a2".repeat(16),
      invoiceNumber: "AB-1",
      lender: stranger.party,
      assignor: stranger.party,
      debtor: stranger.party,
      currency: "CHF",
      amount: FACE - 1n,
      status: "given",
    }).map(([field, value]): [string, string, (tx: TestTransaction) => unknown] => [
      "receivable/notice-matches",
      `another ${field}`,
      output(NOTICE, { [field]: value }),
    ]),
    ["receivable/assign-counts", "without notice", (tx) => tx.dropOutput(NOTICE)],
    ["receivable/assign-counts", "without receivable", (tx) => tx.dropOutput(RECEIVABLE)],
    [
      "receivable/assign-counts",
      "two receivables of one offer",
      (tx) =>
        tx.output(receivableContract, "receivable", receivable({ linearId: "5f".repeat(16) })),
    ],
    [
      "receivable/assign-signed-by-owner",
      "behind the lender's back",
      signedBy(receivableContract, assignor),
    ],
    [
      "receivable/assign-signed-by-assignor",
      "behind the assignor's back",
      signedBy(receivableContract, lender),
    ],
  ]);
});

describe("the invoice", () => {
  const other = (change: Partial<ReturnType<typeof invoice>>) =>
    assign(accepted(), invoice([], change));

  test.each([
    ["of another linear id", { linearId: "a2".repeat(16) }],
    ["of another number", { number: "AB-2026-00418" }],
    ["of another seller", { seller: stranger.party }],
    ["of another buyer", { buyer: stranger.party }],
    ["in another currency", { currency: "CHF" }],
  ])("receivable/invoice-shown: %s", async (_, change) => {
    await other(change).failsWith("receivable/invoice-shown");
  });

  test("receivable/invoice-shown: shown, and not moved", async () => {
    const shown = valid.tweak((tx) =>
      tx
        .dropOutput(INVOICE)
        .reference(invoiceContract, "invoice", invoice())
        .output(invoiceContract, "invoice", invoice([], { linearId: "a3".repeat(16) })),
    );
    // The invoice's own contract refuses first or second: no transfer loses an invoice.
    await expect(shown.verifies()).rejects.toThrow();
    await valid
      .tweak((tx) => tx.changeOutput(INVOICE, () => ({ number: "AB-9" })))
      .failsWith("invoice/transfer-keeps-number");
  });

  test.each([
    "issued",
    "acknowledged",
    "in-process",
    "under-query",
    "conditionally-accepted",
  ] as const)("receivable/invoice-approved: %s", async (status) => {
    await other({ status }).failsWith("receivable/invoice-approved");
  });

  test("receivable/face-outstanding: more, or less, than is left", async () => {
    for (const face of [FACE + 1n, FACE - 1n])
      await assign(accepted({ face }), invoice(), {
        advance: (face * 80n) / 100n,
        reserve: face - (face * 80n) / 100n,
      }).failsWith("receivable/face-outstanding");
  });

  test("receivable/due-as-invoiced: due on another day", async () => {
    await assign(accepted({ dueDate: "2026-04-10" }), invoice()).failsWith(
      "receivable/due-as-invoiced",
    );
  });

  test("receivable/title-moves: to somebody else, or from somebody else", async () => {
    const elsewhere = valid
      .tweak((tx) => tx.changeOutput(INVOICE, () => ({ owner: stranger.holder() })))
      .tweak(signedBy(invoiceContract, assignor, stranger));
    await elsewhere.failsWith("receivable/title-moves");
    const sold = valid
      .tweak((tx) => tx.changeInput(1, () => ({ owner: stranger.holder() })))
      .tweak(signedBy(invoiceContract, stranger, lender));
    await sold.failsWith("receivable/title-moves");
  });
});

describe("the cash", () => {
  const both = (received: bigint) => (tx: TestTransaction) =>
    tx
      .changeOutput(PAYEE, () => amount(received))
      .changeOutput(CHANGE, () => amount(1_000_000n - received));
  const ofIssuer = (issuer: typeof bank) => (tx: TestTransaction) => {
    for (const index of [PAYEE, CHANGE]) tx.changeOutput(index, () => ({ issuer: issuer.party }));
    tx.changeInput(2, () => ({ issuer: issuer.party }));
  };

  refuses(valid, [
    ["receivable/cash-for-title", "less than the advance", both(79_999n)],
    ["receivable/cash-for-title", "more than the advance", both(80_001n)],
    ["receivable/cash-for-title", "to somebody else", output(PAYEE, { owner: debtor.holder() })],
    ["receivable/cash-for-title", "of another issuer", ofIssuer(stranger)],
    [
      "receivable/cash-for-title",
      "in another currency",
      (tx) =>
        tx
          .changeInput(2, () => amount(1_000_000n, "CHF"))
          .changeOutput(PAYEE, () => amount(80_000n, "CHF"))
          .changeOutput(CHANGE, () => amount(920_000n, "CHF")),
    ],
    ["cash/move-conserves", "out of nothing", output(CHANGE, amount(920_001n))],
    ["tx/authority-unsatisfied", "without the lender", (tx) => tx.withoutSignatureOf(lender)],
    ["tx/authority-unsatisfied", "without the assignor", (tx) => tx.withoutSignatureOf(assignor)],
  ]);

  test("the assignor may change coins in passing", async () => {
    await valid
      .tweak((tx) => tx.input(cashContract, "cash", cash(assignor, 700n)))
      .tweak(output(PAYEE, amount(80_700n)))
      .tweak(signedBy(cashContract, lender, assignor))
      .verifies();
  });

  test("receivable/cash-for-title: cash that is shown, and not moved", async () => {
    const moved = valid.tweak(output(PAYEE, { owner: lender.holder() }));
    await moved
      .tweak((tx) => tx.reference(cashContract, "cash", cash(assignor, 80_000n)))
      .failsWith("receivable/cash-for-title");
  });

  test("an offer that is still open cannot be assigned with its own terms", async () => {
    await assign(offered(), invoice()).failsWith("receivable/offer-accepted");
  });
});
