import { cashContract } from "@stateset/cash/contract";
import { invoiceContract } from "@stateset/invoice/contract";
import type { TestTransaction } from "@stateset/testing";
import { describe, expect, test } from "vitest";
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
const { invoice, receivable, notice, terms, settle, repurchase, cash } = network;
const { lender, assignor, stranger } = network;

const by = (...signers: (typeof lender)[]) => signedBy(receivableContract, ...signers);
const amount = (minorUnits: bigint) => ({ amount: { minorUnits, currency: "EUR" } });
const SETTLED = ["collected", "diluted", "discount", "fee", "released", "charged"];

/** 191.00 is released: 200.00 in reserve, less 4.00 of discount and 5.00 of fee. */
const paid = invoice([[DUE, 100_000n]]);
const RELEASE = {
  ...{ collected: 100_000n, diluted: 0n, discount: 400n, fee: 500n },
  ...{ released: 19_100n, charged: 0n },
};

describe("settle: the invoice was paid", () => {
  const [PAYEE, CHANGE] = [1, 2];
  const valid = settle(receivable(), paid, DUE);
  const pays = (released: bigint) => (tx: TestTransaction) =>
    tx
      .changeOutput(PAYEE, () => amount(released))
      .changeOutput(CHANGE, () => amount(1_000_000n - released));

  test("what is left of the reserve is released, in cash", async () => {
    const { outputs, gas } = await valid.verifies();
    expect(outputs[0]?.state).toMatchObject({ status: "settled", ...RELEASE });
    expect(gas).toBeLessThan(70_000_000n); // nearly all of it for loading
  });

  test("from default, too, and is then recovered", async () => {
    const { outputs } = await settle(receivable({ status: "defaulted" }), paid, DUE).verifies();
    expect(outputs[0]?.state).toMatchObject({ status: "recovered", released: 19_100n });
  });

  test("64 payments, counted by years of 365 and 366 days, at bearable gas", async () => {
    const slowly = Array.from({ length: 64 }, (_, i): [string, bigint] => [
      plusDays("2026-03-11", 20 * i),
      i < 63 ? 1_500n : 5_500n,
    ]);
    const before = receivable({ terms: terms({ dayCount: "A006", discountRate: "7.125123" }) });
    const { gas } = await settle(before, invoice(slowly), "2029-12-31").verifies();
    expect(gas).toBeLessThan(150_000_000n);
  });

  refuses(valid, [
    ...SETTLED.flatMap((field) =>
      [1n, -1n].map((by1): [string, string, (tx: TestTransaction) => unknown] => [
        "receivable/settles-exactly",
        `${field} ${by1 > 0n ? "greater" : "smaller"} by a minor unit`,
        (tx) =>
          tx.changeOutput(0, (state) => {
            const value = (state as Record<string, bigint>)[field] ?? 0n;
            return { [field]: value + by1 >= 0n ? value + by1 : value + 2n };
          }),
      ]),
    ),
    ["receivable/cash-settles", "a minor unit less", pays(19_099n)],
    ["receivable/cash-settles", "a minor unit more", pays(19_101n)],
    ["receivable/cash-settles", "to somebody else", output(PAYEE, { owner: stranger.holder() })],
    [
      "receivable/cash-settles",
      "by somebody else",
      (tx) =>
        signedBy(
          cashContract,
          stranger,
        )(
          tx
            .changeInput(1, () => cash(stranger, 1_000_000n))
            .changeOutput(CHANGE, () => ({ owner: stranger.holder() })),
        ),
    ],
    [
      "receivable/cash-settles",
      "in cash of another issuer",
      (tx) => {
        const issuer = { issuer: stranger.party };
        tx.changeInput(1, () => issuer);
        for (const index of [PAYEE, CHANGE]) tx.changeOutput(index, () => issuer);
      },
    ],
    ["receivable/status-edge", "called diluted", output(0, { status: "diluted" })],
    ["receivable/status-edge", "called recovered", output(0, { status: "recovered" })],
    ["receivable/dated-by-window", "on no day", (tx) => tx.timeWindow({ until: 1 })],
    [
      "receivable/dated-by-window",
      "on a day of one's choice",
      (tx) => tx.timeWindow({ from: 0, until: windowOn(DUE).until }),
    ],
    [
      "receivable/settles-exactly",
      "on another day, in overdue funds",
      (tx) => tx.timeWindow(windowOn("2026-04-08")),
    ],
    ["receivable/settle-signed-by-owner", "by the assignor", by(assignor)],
    ["receivable/settle-keeps-advance", "another advance", output(0, { advance: 79_999n })],
    ["receivable/settle-counts", "and it is gone", (tx) => tx.dropOutput(0)],
  ]);

  test("receivable/cash-settles: without cash", async () => {
    const before = receivable();
    const settled = { status: "settled", ...RELEASE } as const;
    await network
      .tx()
      .timeWindow(windowOn(DUE))
      .input(receivableContract, "receivable", before)
      .output(receivableContract, "receivable", { ...before, ...settled })
      .reference(invoiceContract, "invoice", paid)
      .command(receivableContract, "settle", {}, lender)
      .failsWith("receivable/cash-settles");
  });

  test("receivable/invoice-closed: while something is owed", async () => {
    for (const open of [invoice(), invoice([[DUE, 99_999n]])])
      await settle(receivable(), open, DUE).failsWith("receivable/invoice-closed");
  });
});

describe("settle: the invoice was credited", () => {
  const credited = invoice([], { creditedOnLedger: 100_000n });
  const loss = { status: "diluted", discount: 400n, fee: 500n, released: 0n };

  test("the lender's loss, where nothing else was agreed", async () => {
    const { outputs } = await settle(receivable(), credited, DUE).verifies();
    expect(outputs[0]?.state).toMatchObject({ ...loss, charged: 0n });
  });

  test.each([
    ["recourse", { recourseDays: 30 }],
    ["dilution recourse", { dilutionRecourse: true }],
  ])("the assignor's, with %s", async (_, agreed) => {
    const valid = settle(receivable({ terms: terms(agreed) }), credited, DUE);
    const { outputs } = await valid.verifies();
    expect(outputs[0]?.state).toMatchObject({ ...loss, charged: 80_900n });
    await valid.tweak(by(lender)).failsWith("receivable/charged-agrees");
    await valid
      .tweak((tx) =>
        tx.changeOutput(1, () => amount(80_899n)).changeOutput(2, () => amount(919_101n)),
      )
      .failsWith("receivable/cash-settles");
    await valid.tweak(output(0, { status: "settled" })).failsWith("receivable/status-edge");
  });
});

describe("settle: the invoice was written off", () => {
  const LIVE = ["assigned", "collecting", "overdue", "recourse-called", "defaulted"] as const;
  const givenUp = (payments: Parameters<typeof invoice>[0] = []) =>
    invoice(payments, { status: "written-off" });

  test.each(LIVE)("the assignor gets what it is owed of what came in, from %s", async (status) => {
    const valid = settle(receivable({ status }), givenUp([[DUE, 99_990n]]), DUE);
    const { outputs } = await valid.verifies();
    expect(outputs[0]?.state).toMatchObject({
      ...{ status: "written-off", collected: 99_990n, released: 19_090n, charged: 0n },
    });
    for (const other of ["settled", "recovered", "diluted"] as const)
      await valid.tweak(output(0, { status: other })).failsWith("receivable/status-edge");
  });

  test("without recourse the loss is the lender's, but for what was credited", async () => {
    const nothing = await settle(receivable(), givenUp(), DUE).verifies();
    expect(nothing.outputs[0]?.state).toMatchObject({ status: "written-off", charged: 0n });
    const credited = invoice([], { creditedOnLedger: 5_000n, status: "written-off" });
    const agreed = receivable({ terms: terms({ dilutionRecourse: true }) });
    const { outputs } = await settle(agreed, credited, DUE).verifies();
    expect(outputs[0]?.state).toMatchObject({ diluted: 5_000n, charged: 5_000n });
  });

  test("with recourse it is the assignor's, which signs for it", async () => {
    const before = receivable({ terms: terms({ recourseDays: 30 }) });
    const valid = settle(before, givenUp(), DUE);
    const { outputs } = await valid.verifies();
    expect(outputs[0]?.state).toMatchObject({ status: "written-off", charged: 80_900n });
    await valid.tweak(by(lender)).failsWith("receivable/charged-agrees");
  });

  test("in the transaction that writes the invoice off", async () => {
    const before = receivable();
    const owned = invoice([], { owner: lender.holder({ oneTimeKey: true }) });
    const loss = { status: "written-off", discount: 400n, fee: 500n } as const;
    await network
      .tx()
      .timeWindow(windowOn(DUE))
      .input(receivableContract, "receivable", before)
      .output(receivableContract, "receivable", { ...before, ...loss })
      .input(invoiceContract, "invoice", owned)
      .output(invoiceContract, "invoice", { ...owned, status: "written-off" })
      .command(receivableContract, "settle", {}, lender)
      .command(invoiceContract, "write-off", {}, lender)
      .verifies();
  });
});

describe("repurchase", () => {
  const [RECEIVABLE, NOTICE, INVOICE] = [0, 1, 2];
  const late = plusDays(DUE, 10);
  const called = receivable({ status: "recourse-called", terms: terms({ recourseDays: 30 }) });
  const valid = repurchase(called, invoice(), late);

  test("title, notice and claim go back against what the lender is short of", async () => {
    const { outputs } = await valid.verifies();
    expect(outputs[RECEIVABLE]?.state).toMatchObject({
      ...{ status: "repurchased", collected: 0n, discount: 533n, fee: 500n },
      ...{ released: 0n, charged: 81_033n },
    });
    expect(outputs[NOTICE]?.state).toMatchObject({ status: "released" });
  });

  test("the assignor makes the lender whole even where no recourse was agreed", async () => {
    const { outputs } = await repurchase(receivable(), invoice(), late, notice()).verifies();
    expect(outputs[RECEIVABLE]?.state).toMatchObject({ charged: 81_033n });
  });

  test("what was collected beyond the advance is released", async () => {
    const most = invoice([["2026-03-20", 95_000n]]);
    const { outputs } = await repurchase(receivable(), most, late).verifies();
    expect(outputs[RECEIVABLE]?.state).toMatchObject({
      ...{ collected: 95_000n, discount: 133n, fee: 500n },
      ...{ released: 14_367n, charged: 0n },
    });
  });

  refuses(valid, [
    ["receivable/settles-exactly", "for less", output(RECEIVABLE, { charged: 81_032n })],
    [
      "receivable/cash-settles",
      "for less cash",
      (tx) => tx.changeOutput(3, () => amount(81_032n)).changeOutput(4, () => amount(918_968n)),
    ],
    ["receivable/status-edge", "called settled", output(RECEIVABLE, { status: "settled" })],
    ["receivable/status-edge", "and the notice stays", output(NOTICE, { status: "acknowledged" })],
    ["receivable/repurchase-keeps-amount", "another notice", output(NOTICE, { amount: 1n })],
    ["receivable/repurchase-counts", "without notice", (tx) => tx.dropOutput(NOTICE)],
    ["receivable/repurchase-counts", "and it is gone", (tx) => tx.dropOutput(RECEIVABLE)],
    ["receivable/repurchase-signed-by-owner", "behind the lender's back", by(assignor)],
    ["receivable/repurchase-signed-by-assignor", "behind the assignor's back", by(lender)],
    ["receivable/dated-by-window", "on no day", (tx) => tx.timeWindow({ from: 0 })],
    ["tx/authority-unsatisfied", "without the lender", (tx) => tx.withoutSignatureOf(lender)],
    [
      "receivable/title-returns",
      "to somebody else",
      (tx) =>
        signedBy(
          invoiceContract,
          lender,
          stranger,
        )(tx.changeOutput(INVOICE, () => ({ owner: stranger.holder() }))),
    ],
    [
      "receivable/title-returns",
      "from somebody else",
      (tx) =>
        signedBy(
          invoiceContract,
          stranger,
          assignor,
        )(tx.changeInput(2, () => ({ owner: stranger.holder() }))),
    ],
  ]);

  test("receivable/notice-matches: the notice of another receivable", async () => {
    const other = notice({ receivable: "5f".repeat(16) });
    await repurchase(called, invoice(), late, other).failsWith("receivable/notice-matches");
  });

  test("receivable/invoice-shown: another invoice", async () => {
    const other = invoice([], { number: "AB-2026-00418" });
    await repurchase(called, other, late).failsWith("receivable/invoice-shown");
  });
});
